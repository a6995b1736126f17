"""The live page as a folder of files that any web server serves: Pyodide computes in the browser."""
