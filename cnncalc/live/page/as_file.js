// Browsers run no modules of a page that was opened as a file. This script is not a module: it says what to do.
if (location.protocol === "file:") {
  document.getElementById("state").textContent = "This page needs a web server, because browsers start no Python "
    + "for a file: run 'python -m http.server' in its folder";
}
