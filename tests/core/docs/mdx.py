"""Generated pages of MDX and lines of an index: what such texts are made of, in any order."""

from hypothesis import strategies as st

_PIECES = """< <b> </b> <code> </code> <a·href='x'> </a> <your·key> <table> <tr> <td> </td> </tr> </table>
<th·colspan=3> ` `` ``` {/* */} <!-- --> <Tab> <TabItem·label={`X`}> </TabItem>
<div·className='mdx-highlight'> </div> -· #· &lt; &#27;
&#x202e; * ** _ [ ]( ] ( ) { } {'<b>'} " ' <br/> <br <img·alt='q'·src='r'> <InlineSchemaV2·schema={`
[{"name":"n","children":[]}] `}·/> <pre> </pre> <h2> </h2> <ul> <li> </ul> <summary> </summary> <script> </script> <p>
<?php <![CDATA[ <!X> <x@y.z> <https://a.b> <Foo·title='t'/> :· words 中文 ····"""
_CODES = ("\\", "\t", "\x1b", "\u202e")
_LINES = (
    "\n",
    "\n\n",
    "\r\n",
    "\n```\n",
    "\n~~~\n",
    "\n- ",
    "\n1. ",
    "\n> ",
    "\n## ",
    "\n---\n",
    "\n===\n",
    "|",
    "\na|b\n-|-\n",
    "|-|-|\n",
    "\n:::note T\n",
    "\n:::\n",
    "\nimport x from 'y'\n",
    "\n[a]: ",
    "\n---\nDOCUMENT: x\n---\n\nURL: https://h/x.md\n",
    "\n- [A](https://h/a.md): b\n",
)


def pages() -> st.SearchStrategy[str]:
    """Give texts made of the marks of MDX, of markdown and of an index, and of any text."""
    pieces = (piece.replace("·", " ") for piece in _PIECES.split())
    piece = st.sampled_from((*pieces, *_CODES, *_LINES, *_LINES)) | st.text(max_size=4)
    return st.lists(piece, max_size=25).map("".join)
