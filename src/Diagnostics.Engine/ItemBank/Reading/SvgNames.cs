using System.Collections.Frozen;

namespace Diagnostics.Engine.ItemBank.Reading;

/// <summary>The allowed parts of a drawing; anything that is not named here does not reach a page.</summary>
/// <remarks>
/// Excluded on purpose: everything that runs (script, animation, event attributes), fetches (image, feImage, filters),
/// leads elsewhere (a) or contains another language (foreignObject, style), and everything that lets a drawing leave
/// its frame (style attributes, <c>overflow</c>).
/// </remarks>
internal static class SvgNames
{
    internal const string Namespace = "http://www.w3.org/2000/svg";
    internal const string XLink = "http://www.w3.org/1999/xlink";

    /// <summary>The only elements that may contain text; the text of the first two is never drawn.</summary>
    internal static readonly FrozenSet<string> Wordy = Set("title desc text tspan textPath");

    internal static readonly FrozenSet<string> Elements = Set(
        "svg g defs symbol use title desc path rect circle ellipse line polyline polygon text tspan textPath "
            + "linearGradient radialGradient stop clipPath mask pattern marker"
    );

    /// <summary>Attributes that CSS may also set; the values that a style gives them become attributes.</summary>
    internal static readonly FrozenSet<string> Properties = Set(
        "alignment-baseline baseline-shift clip-path clip-rule color color-interpolation direction display dominant-baseline "
            + "fill fill-opacity fill-rule font-family font-size font-size-adjust font-stretch font-style font-variant font-weight "
            + "letter-spacing marker-end marker-mid marker-start mask opacity paint-order shape-rendering stop-color stop-opacity "
            + "stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity "
            + "stroke-width text-anchor text-decoration text-rendering unicode-bidi vector-effect visibility word-spacing writing-mode"
    );

    internal static readonly FrozenSet<string> Attributes = Set(
        "x y x1 y1 x2 y2 cx cy r rx ry fx fy fr dx dy width height d points viewBox preserveAspectRatio transform offset "
            + "refX refY markerWidth markerHeight markerUnits orient gradientUnits gradientTransform spreadMethod patternUnits "
            + "patternContentUnits patternTransform clipPathUnits maskUnits maskContentUnits rotate textLength lengthAdjust "
            + "startOffset pathLength id href role lang aria-label aria-labelledby aria-describedby aria-hidden "
            + string.Join(' ', Properties)
    );

    /// <summary>Attributes whose text people read or hear, so there is no syntax to check.</summary>
    internal static readonly FrozenSet<string> Words = Set("aria-label lang role");

    /// <summary>Attributes that list ids of the same drawing.</summary>
    internal static readonly FrozenSet<string> IdLists = Set("id aria-labelledby aria-describedby");

    internal static readonly FrozenSet<string> Functions = Set("url rgb rgba hsl hsla calc matrix translate scale rotate skewX skewY");

    /// <summary>
    /// Elements with data that drawing programs keep for themselves. They are silently left out, like every element of
    /// those programs' namespaces.
    /// </summary>
    internal static readonly FrozenSet<string> Unseen = Set("metadata");

    private static FrozenSet<string> Set(string names) => names.Split(' ').ToFrozenSet(StringComparer.Ordinal);
}
