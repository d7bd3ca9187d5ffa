using System.Globalization;
using System.Text.RegularExpressions;
using QRCoder;
using Tributary.Server.Checkout;

namespace Tributary.Server.Tests.Checkout;

public sealed partial class QrSvgTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(300)]
    [InlineData(301)]
    [InlineData(QrSvg.BytesMax)]
    public void The_drawing_has_the_codes_modules_and_quiet_around_them(int length)
    {
        var text = new string('a', length);
        var drawing = QrSvg.Draw(text);
        using var data = QRCodeGenerator.GenerateQrCode(text, length > 300 ? QRCodeGenerator.ECCLevel.L : QRCodeGenerator.ECCLevel.M);
        var drawn = new bool[drawing.Size, drawing.Size];
        foreach (Match run in Run().Matches(drawing.Path))
        {
            for (var i = 0; i < Number(run, 3); i++)
                drawn[Number(run, 2), Number(run, 1) + i] = true;
        }

        for (var y = 0; y < drawing.Size; y++)
        {
            for (var x = 0; x < drawing.Size; x++)
            {
                Assert.Equal(data.ModuleMatrix[y][x], drawn[y, x]);
                if (Math.Min(Math.Min(x, y), drawing.Size - 1 - Math.Max(x, y)) < QrSvg.Quiet)
                    Assert.False(drawn[y, x]);
            }
        }
    }

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"M(\d+) (\d+)h(\d+)v1h-\d+z")]
    private static partial Regex Run();
}
