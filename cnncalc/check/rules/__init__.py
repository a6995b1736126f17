"""The lint rules, one module each. To add one: write its module, and name it in `ALL`."""

from __future__ import annotations

from cnncalc.check.findings import Rule
from cnncalc.check.rules.activation_after_output import RULE as ACTIVATION_AFTER_OUTPUT
from cnncalc.check.rules.asymmetric_same import RULE as ASYMMETRIC_SAME
from cnncalc.check.rules.bias_before_norm import RULE as BIAS_BEFORE_NORM
from cnncalc.check.rules.channel_mismatch_in_residual import RULE as CHANNEL_MISMATCH_IN_RESIDUAL
from cnncalc.check.rules.checkerboard import RULE as CHECKERBOARD
from cnncalc.check.rules.constant_output import RULE as CONSTANT_OUTPUT
from cnncalc.check.rules.dead_pixels import RULE as DEAD_PIXELS
from cnncalc.check.rules.double_activation import RULE as DOUBLE_ACTIVATION
from cnncalc.check.rules.dropout_before_norm import RULE as DROPOUT_BEFORE_NORM
from cnncalc.check.rules.framework_differs import RULE as FRAMEWORK_DIFFERS
from cnncalc.check.rules.groups_not_depthwise_friendly import RULE as GROUPS_NOT_DEPTHWISE_FRIENDLY
from cnncalc.check.rules.half_of_even_kernel import RULE as HALF_OF_EVEN_KERNEL
from cnncalc.check.rules.hidden_softmax import RULE as HIDDEN_SOFTMAX
from cnncalc.check.rules.huge_fc import RULE as HUGE_FC
from cnncalc.check.rules.name_shadows_kind import RULE as NAME_SHADOWS_KIND
from cnncalc.check.rules.no_activation_between import RULE as NO_ACTIVATION_BETWEEN
from cnncalc.check.rules.padding_beyond_kernel import RULE as PADDING_BEYOND_KERNEL
from cnncalc.check.rules.partial_window import RULE as PARTIAL_WINDOW
from cnncalc.check.rules.receptive_field_exceeds_input import RULE as RECEPTIVE_FIELD_EXCEEDS_INPUT
from cnncalc.check.rules.receptive_field_too_small import RULE as RECEPTIVE_FIELD_TOO_SMALL
from cnncalc.check.rules.tiny_map import RULE as TINY_MAP
from cnncalc.check.rules.unclaimed import RULE as UNCLAIMED
from cnncalc.check.rules.unreachable_output import RULE as UNREACHABLE_OUTPUT
from cnncalc.check.rules.unused_definition import RULE as UNUSED_DEFINITION
from cnncalc.check.rules.unused_layer import RULE as UNUSED_LAYER

ALL: tuple[Rule, ...] = (
    ACTIVATION_AFTER_OUTPUT,
    ASYMMETRIC_SAME,
    BIAS_BEFORE_NORM,
    CHANNEL_MISMATCH_IN_RESIDUAL,
    CHECKERBOARD,
    CONSTANT_OUTPUT,
    DEAD_PIXELS,
    DOUBLE_ACTIVATION,
    DROPOUT_BEFORE_NORM,
    FRAMEWORK_DIFFERS,
    GROUPS_NOT_DEPTHWISE_FRIENDLY,
    HALF_OF_EVEN_KERNEL,
    HIDDEN_SOFTMAX,
    HUGE_FC,
    NAME_SHADOWS_KIND,
    NO_ACTIVATION_BETWEEN,
    PADDING_BEYOND_KERNEL,
    PARTIAL_WINDOW,
    RECEPTIVE_FIELD_EXCEEDS_INPUT,
    RECEPTIVE_FIELD_TOO_SMALL,
    TINY_MAP,
    UNCLAIMED,
    UNREACHABLE_OUTPUT,
    UNUSED_DEFINITION,
    UNUSED_LAYER,
)
"""Every rule, by id."""

RULES: dict[str, Rule] = {rule.id: rule for rule in ALL}
