using System.Globalization;
using System.Text;

namespace EcoLabelRegistry.Benchmarks;

/// <summary>A line through measured points as SVG: tens along the bottom, values from zero up the side.</summary>
internal static class DrawLine
{
    private const double Width = 520, Height = 276, Left = 70, Right = 30, Top = 52, Bottom = 44, Inset = 26;

    /// <summary>Draws it.</summary>
    /// <param name="across">What the points are measured by.</param>
    /// <param name="unit">What is measured.</param>
    /// <param name="points">The points, by growing first value.</param>
    public static string Of(string across, string unit, IReadOnlyList<(double At, double Value)> points)
    {
        var (from, to) = (Math.Log10(points[0].At), Math.Log10(points[^1].At));
        var top = Ceiling(points.Max(p => p.Value));
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\" role=\"img\">")
            .Append(CultureInfo.InvariantCulture, $"<title>{unit}, by {across}</title><rect width=\"{Width}\" height=\"{Height}\" fill=\"#fff\"/>")
            .Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"16\" fill=\"#222\">{unit}</text>")
            .Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - Right}\" y=\"{Height - 6}\" text-anchor=\"end\" fill=\"#222\">{across}</text>");
        for (var i = 0; i <= 4; i++)
        {
            var value = top * i / 4;
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(value):0.#}\" y2=\"{Y(value):0.#}\" stroke=\"#ddd\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 8}\" y=\"{Y(value) + 4:0.#}\" text-anchor=\"end\" fill=\"#555\">{value:#,0.##}</text>");
        }

        svg.Append("<polyline fill=\"none\" stroke=\"#0b6e4f\" stroke-width=\"2\" points=\"");
        foreach (var (at, value) in points)
        {
            svg.Append(CultureInfo.InvariantCulture, $"{X(at):0.#},{Y(value):0.#} ");
        }

        svg.Append("\"/>");
        foreach (var (at, value) in points)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{X(at):0.#}\" cy=\"{Y(value):0.#}\" r=\"3.5\" fill=\"#0b6e4f\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{X(at):0.#}\" y=\"{Y(value) - 9:0.#}\" text-anchor=\"middle\" fill=\"#222\">{Short(value)}</text>")
                .Append(CultureInfo.InvariantCulture, $"<text x=\"{X(at):0.#}\" y=\"{Height - Bottom + 18:0.#}\" text-anchor=\"middle\" fill=\"#555\">{at:#,0}</text>");
        }

        return svg.Append("</svg>\n").ToString();

        double X(double at) => Left + Inset + (to > from ? (Math.Log10(at) - from) / (to - from) * (Width - Left - Right - (2 * Inset)) : 0);

        double Y(double value) => Height - Bottom - (value / top * (Height - Top - Bottom));
    }

    private static string Short(double value) => value.ToString(value < 100 ? "#,0.##" : "#,0", CultureInfo.InvariantCulture);

    // The next number that four steps divide evenly.
    private static double Ceiling(double value)
    {
        if (value <= 0)
        {
            return 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return new[] { 1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10 }.Select(m => m * power).First(c => c >= value);
    }
}
