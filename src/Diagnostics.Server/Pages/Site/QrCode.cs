using Microsoft.AspNetCore.Components;
using QRCoder;

namespace Diagnostics.Server.Pages.Site;

internal static class QrCode
{
    /// <summary>A drawing of the code, dark on light in both colour schemes, because cameras do not read the reverse.</summary>
    internal static MarkupString Of(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var drawing = new SvgQRCode(data);
        return new(drawing.GetGraphic(4, "#000000", "#ffffff", sizingMode: SvgQRCode.SizingMode.ViewBoxAttribute));
    }
}
