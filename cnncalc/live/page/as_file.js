// No module of a page runs that was opened as a file, and this is none; so it says what to do instead.
if (location.protocol === "file:") {
  document.getElementById("state").textContent = "This page needs a web server, as browsers start no Python for a "
    + "file: 'python -m http.server' in its folder is one";
}
