"""Pages for a browser: self-contained HTML with inline SVG, no script, no network. One module a page."""
