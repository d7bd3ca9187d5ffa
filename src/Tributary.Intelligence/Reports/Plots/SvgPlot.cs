using System.Globalization;
using System.Net;
using System.Text;

namespace Tributary.Intelligence.Reports.Plots;

/// <summary>
/// Draws into an SVG that takes its colours from the page's style sheet, so that it is readable on dark and on light. A screen reader is given the
/// title and the description.
/// </summary>
internal sealed class SvgPlot
{
    private const double Width = 440;
    private const double Left = 62;
    private const double Right = 24;
    private const double Top = 12;
    private const double Bottom = 46;

    private readonly StringBuilder _body = new();
    private readonly Axis _x;
    private readonly Axis _y;
    private readonly double _height;
    private readonly double _left;

    public SvgPlot(Axis x, Axis y, double height = 320, double left = Left, bool drawsYMarks = true)
    {
        _x = x;
        _y = y;
        _height = height;
        _left = left;
        DrawAxes(drawsYMarks);
    }

    private double PlotWidth => Width - _left - Right;

    private double PlotHeight => _height - Top - Bottom;

    /// <summary>A line through points.</summary>
    public SvgPlot Line(IEnumerable<(double X, double Y)> points, string style)
    {
        _body.Append("<polyline class=\"line ").Append(style).Append("\" points=\"");
        foreach (var (x, y) in points)
            _body.Append(F(X(x))).Append(',').Append(F(Y(y))).Append(' ');
        _body.Append("\"/>");
        return this;
    }

    /// <summary>A point.</summary>
    public SvgPlot Dot(double x, double y, string style, double radius = 4, double shift = 0)
    {
        _body.Append($"<circle class=\"dot {style}\" cx=\"{F(X(x))}\" cy=\"{F(Y(y) + shift)}\" r=\"{F(radius)}\"/>");
        return this;
    }

    /// <summary>A word beside a point.</summary>
    public SvgPlot Note(double x, double y, string text, string anchor = "start", double right = 0, double down = 0)
    {
        _body.Append($"<text class=\"note\" text-anchor=\"{anchor}\" x=\"{F(X(x) + right)}\" y=\"{F(Y(y) + down)}\">{Encode(text)}</text>");
        return this;
    }

    /// <summary>A line across the plot.</summary>
    public SvgPlot Upright(double x, string style)
    {
        _body.Append($"<line class=\"{style}\" x1=\"{F(X(x))}\" x2=\"{F(X(x))}\" y1=\"{F(Top)}\" y2=\"{F(Top + PlotHeight)}\"/>");
        return this;
    }

    /// <summary>The drawing.</summary>
    /// <param name="id">Unique in the page.</param>
    /// <param name="title">What is shown.</param>
    /// <param name="description">What is to be seen, for those who can't see it.</param>
    public string ToSvg(string id, string title, string description) =>
        $"<svg role=\"img\" viewBox=\"0 0 {F(Width)} {F(_height)}\" aria-labelledby=\"{id}-title {id}-desc\">"
        + $"<title id=\"{id}-title\">{Encode(title)}</title><desc id=\"{id}-desc\">{Encode(description)}</desc>{_body}</svg>";

    private void DrawAxes(bool drawsYMarks)
    {
        foreach (var mark in _x.Marks())
        {
            _body.Append($"<line class=\"grid\" x1=\"{F(X(mark))}\" x2=\"{F(X(mark))}\" y1=\"{F(Top)}\" y2=\"{F(Top + PlotHeight)}\"/>");
            _body.Append($"<text class=\"mark\" text-anchor=\"middle\" x=\"{F(X(mark))}\" y=\"{F(Top + PlotHeight + 17)}\">{Encode(_x.Write(mark))}</text>");
        }

        foreach (var mark in drawsYMarks ? _y.Marks() : [])
        {
            _body.Append($"<line class=\"grid\" x1=\"{F(_left)}\" x2=\"{F(Width - Right)}\" y1=\"{F(Y(mark))}\" y2=\"{F(Y(mark))}\"/>");
            _body.Append($"<text class=\"mark\" text-anchor=\"end\" x=\"{F(_left - 6)}\" y=\"{F(Y(mark) + 4)}\">{Encode(_y.Write(mark))}</text>");
        }

        _body.Append($"<text class=\"axis\" text-anchor=\"middle\" x=\"{F(_left + (PlotWidth / 2))}\" y=\"{F(_height - 8)}\">{Encode(_x.Title)}</text>");
        var middle = Top + (PlotHeight / 2);
        if (_y.Title.Length > 0)
            _body.Append($"<text class=\"axis\" text-anchor=\"middle\" transform=\"translate(13 {F(middle)}) rotate(-90)\">{Encode(_y.Title)}</text>");
    }

    private double X(double value) => _left + (_x.Place(value) * PlotWidth);

    private double Y(double value) => Top + ((1 - _y.Place(value)) * PlotHeight);

    private static string F(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
