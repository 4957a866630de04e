"""What the words of a line say, be it a section's name or another; nothing here looks at the lines around.

`knowledge` has what data/headings.toml says, `names` the names of sections, `lines` all else.
"""
