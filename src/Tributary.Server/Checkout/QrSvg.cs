using System.Globalization;
using System.Text;
using QRCoder;

namespace Tributary.Server.Checkout;

/// <summary>A QR code as the drawing of one path: runs of dark modules, row by row, with the four modules of quiet around it that ISO/IEC 18004 asks for.</summary>
public static class QrSvg
{
    /// <summary>Quiet modules on each side.</summary>
    public const int Quiet = 4;

    /// <summary>The most bytes that the largest code holds at the lowest level of correction.</summary>
    public const int BytesMax = 2953;

    /// <summary>A drawn code.</summary>
    /// <param name="Size">Modules on a side, the quiet ones included.</param>
    /// <param name="Path">The path's <c>d</c>.</param>
    public readonly record struct Drawing(int Size, string Path)
    {
        public string ViewBox => string.Create(CultureInfo.InvariantCulture, $"0 0 {Size} {Size}");
    }

    /// <summary>Draws a text of at most <see cref="BytesMax"/> bytes.</summary>
    public static Drawing Draw(string text)
    {
        // A code on a lit screen is hardly ever damaged, and fewer modules scan better: little correction for long texts.
        var level = text.Length > 300 ? QRCodeGenerator.ECCLevel.L : QRCodeGenerator.ECCLevel.M;
        using var data = QRCodeGenerator.GenerateQrCode(text, level);

        // The library brings its own quiet modules, as many.
        var rows = data.ModuleMatrix;
        var path = new StringBuilder();
        for (var y = 0; y < rows.Count; y++)
        {
            for (var x = 0; x < rows.Count; x++)
            {
                if (!rows[y][x])
                    continue;
                var from = x;
                while (x < rows.Count && rows[y][x])
                    x++;
                path.Append(CultureInfo.InvariantCulture, $"M{from} {y}h{x - from}v1h-{x - from}z");
            }
        }

        return new Drawing(rows.Count, path.ToString());
    }
}
