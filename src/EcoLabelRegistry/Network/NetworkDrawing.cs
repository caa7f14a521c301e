using System.Globalization;
using System.Text;
using System.Xml;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Resources;

namespace EcoLabelRegistry.Network;

/// <summary>Who recognises whom as SVG: a graph, and a matrix. Every arrow and every cell leads to its agreement and says in words what it means.</summary>
/// <remarks>
/// Colours are attributes, so that a drawing stands by itself in a file; a stylesheet may replace them by class. Shade, letter and words all
/// say the level, so that nothing hangs on colour alone.
/// </remarks>
public static class NetworkDrawing
{
    private const string Space = "http://www.w3.org/2000/svg";

    // Pixels of the drawing's own plane; a page scales it.
    private const int Radius = 280;
    private const int Beside = 12; // from the middle of a scheme's point to its name
    private const int Margin = 10;
    private const int Cell = 28;
    private const int Slant = 75; // degrees, of the names above the columns: so steep, two lines of one name stand closer than two names

    /// <summary>One letter for a level, the same in every language: the legend has the words.</summary>
    public static string Letter(Level level) => level switch
    {
        Level.FullScheme or Level.FullProduct => "F",
        Level.CommonCriteria => "C",
        Level.Evidence => "E",
        Level.ProxyVerification => "V",
        Level.Audit => "A",
        Level.TestData => "T",
        Level.StandardAdoption => "S",
        Level.CriteriaAlignment => "L",
        Level.Framework => "M",
        Level.PeerReview => "P",
        Level.CapacityBuilding => "B",
    };

    /// <summary>The graph: schemes on a circle, an arrow from the recogniser to the recognised.</summary>
    public static string Graph(ShowNetwork.Response network, Language language)
    {
        var (schemes, pairs) = Connected(network);
        var names = schemes.ConvertAll(s => DrawnName.Of(language.Of(s.Names) ?? s.Code));
        var (halfWidth, halfHeight) = ((double)Radius, (double)Radius);
        foreach (var (place, name) in names.Index())
        {
            var (x, y) = At(AngleOf(place), Radius + Beside + name.Width + Margin);
            (halfWidth, halfHeight) = (Math.Max(halfWidth, Math.Abs(x) + name.Height), Math.Max(halfHeight, Math.Abs(y) + name.Height));
        }

        var (width, height) = (2 * (int)Math.Ceiling(halfWidth), 2 * (int)Math.Ceiling(halfHeight));
        return Draw(width, height, "graph", Texts.Of("recognition.graph-title", language, network.AsOf.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), xml =>
        {
            WriteArrowheads(xml);
            var places = schemes.Index().ToDictionary(
                s => s.Item.Code,
                s => (Angle: AngleOf(s.Index), s.Item, Name: names[s.Index]),
                StringComparer.Ordinal);
            foreach (var pair in pairs)
            {
                var (from, to) = (At(places[pair.Recogniser].Angle, Radius - 8), At(places[pair.Recognised].Angle, Radius - 12));
                // Bent towards the middle and to the side, so that the two directions of a pair lie beside each other.
                var bend = ((from.X + to.X) * 0.22) + ((to.Y - from.Y) * 0.06);
                var bow = ((from.Y + to.Y) * 0.22) - ((to.X - from.X) * 0.06);
                StartLink(xml, pair, network, language);
                xml.WriteAttributeString("tabindex", "-1"); // the matrix and the list have the same links, in an order that a keyboard can follow
                WriteTitle(xml, pair, network, language);
                xml.WriteStartElement("path", Space);
                xml.WriteAttributeString("d", Invariant($"M{from.X:0.#} {from.Y:0.#}Q{bend:0.#} {bow:0.#} {to.X:0.#} {to.Y:0.#}"));
                xml.WriteAttributeString("class", "edge " + Class(pair.Best.Outcome));
                xml.WriteAttributeString("fill", "none");
                xml.WriteAttributeString("stroke", Colour(pair.Best.Outcome));
                xml.WriteAttributeString("stroke-width", pair.Best.Outcome is Outcome.Recognised ? "2.6" : pair.Best.Outcome is Outcome.Conditional ? "1.8" : "1.3");
                if (pair.Best.Outcome is not (Outcome.Recognised or Outcome.Conditional))
                {
                    xml.WriteAttributeString("stroke-dasharray", pair.Best.Outcome is null ? "1 4" : "6 4");
                }

                xml.WriteAttributeString("marker-end", "url(#arrow)");
                xml.WriteEndElement();
                xml.WriteEndElement();
            }

            foreach (var (angle, scheme, name) in places.Values)
            {
                var left = Math.Cos(angle) < -0.01;
                xml.WriteStartElement("a", Space);
                xml.WriteAttributeString("href", "/labels/" + Uri.EscapeDataString(scheme.Code));
                xml.WriteStartElement("g", Space);
                xml.WriteAttributeString("transform", Invariant($"rotate({angle * 180 / Math.PI:0.##}) translate({Radius} 0)") + (left ? " rotate(180)" : ""));
                Circle(xml);
                WriteName(xml, name, left ? -Beside : Beside, 0, left ? "end" : "start");
                xml.WriteEndElement();
                xml.WriteEndElement();
            }
        }, Invariant($"{-width / 2} {-height / 2} {width} {height}"));

        double AngleOf(int place) => (2 * Math.PI * place / schemes.Count) - (Math.PI / 2);

        static (double X, double Y) At(double angle, double radius) => (Math.Cos(angle) * radius, Math.Sin(angle) * radius);
    }

    /// <summary>The matrix: rows recognise columns, the strongest level by shade and letter.</summary>
    public static string Matrix(ShowNetwork.Response network, Language language)
    {
        var (schemes, pairs) = Connected(network);
        var rows = schemes.Where(s => pairs.Any(p => p.Recogniser == s.Code)).ToList();
        var columns = schemes.Where(s => pairs.Any(p => p.Recognised == s.Code)).ToList();
        var cells = pairs.ToDictionary(p => (p.Recogniser, p.Recognised));
        var above = columns.ConvertAll(c => DrawnName.Of(language.Of(c.Names) ?? c.Code));
        var before = rows.ConvertAll(r => DrawnName.Of(language.Of(r.Names) ?? r.Code));
        var slant = Slant * Math.PI / 180;
        var rowNames = (int)Math.Ceiling(before.Max(n => n.Width)) + 8 + Margin;
        var columnNames = (int)Math.Ceiling((above.Max(n => n.Width) * Math.Sin(slant)) + above.Max(n => n.Height)) + Margin;
        var gridEnd = rowNames + (columns.Count * Cell);
        var lastEnd = above.Index().Max(n => rowNames + ((n.Index + 1) * Cell) + (n.Item.Width * Math.Cos(slant)));
        var (width, height) = (Math.Max(gridEnd, (int)Math.Ceiling(lastEnd)) + Margin, columnNames + (rows.Count * Cell) + Margin);
        return Draw(width, height, "matrix", Texts.Of("recognition.matrix-title", language, network.AsOf.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)), xml =>
        {
            for (var place = 0; place < columns.Count; place++)
            {
                xml.WriteStartElement("g", Space);
                xml.WriteAttributeString("transform", Invariant($"translate({rowNames + (place * Cell) + (Cell / 2)} {columnNames - 6}) rotate({-Slant})"));
                WriteName(xml, above[place], 0, 0, "start");
                xml.WriteEndElement();
            }

            foreach (var (row, recogniser) in rows.Index())
            {
                var y = columnNames + (row * Cell);
                WriteName(xml, before[row], rowNames - 8, y + (Cell / 2), "end");
                foreach (var (column, recognised) in columns.Index())
                {
                    var x = rowNames + (column * Cell);
                    var pair = cells.GetValueOrDefault((recogniser.Code, recognised.Code));
                    if (pair is not null)
                    {
                        StartLink(xml, pair, network, language);
                        WriteTitle(xml, pair, network, language);
                    }

                    xml.WriteStartElement("rect", Space);
                    xml.WriteAttributeString("x", Invariant($"{x + 1}"));
                    xml.WriteAttributeString("y", Invariant($"{y + 1}"));
                    xml.WriteAttributeString("width", Invariant($"{Cell - 2}"));
                    xml.WriteAttributeString("height", Invariant($"{Cell - 2}"));
                    xml.WriteAttributeString("class", "cell " + (pair is not null ? Class(pair.Best.Outcome) : recogniser.Code == recognised.Code ? "self" : "blank"));
                    xml.WriteAttributeString("fill", pair is not null ? Colour(pair.Best.Outcome) : recogniser.Code == recognised.Code ? "#c9cec9" : "#f1f2ed");
                    xml.WriteEndElement();
                    if (pair is not null)
                    {
                        WriteText(xml, Letter(pair.Best.Level), x + (Cell / 2), y + 19, "middle", "letter", "#ffffff");
                        xml.WriteEndElement();
                    }
                }
            }
        }, Invariant($"0 0 {width} {height}"));
    }

    /// <summary>The class of a drawing's parts by what a grant gives.</summary>
    public static string Class(Outcome? outcome) => outcome is { } given ? "gives-" + Code.Of(given) : "gives-nothing";

    private static (List<ShowNetwork.Node> Schemes, List<Pair> Pairs) Connected(ShowNetwork.Response network)
    {
        var pairs = network.Edges
            .GroupBy(e => (e.Recogniser, e.Recognised))
            .Select(g => new Pair(g.Key.Recogniser, g.Key.Recognised, g.MinBy(e => e.Level)!, [.. g.Select(e => e.Level).Distinct().Order()]))
            .ToList();
        var ends = pairs.SelectMany(p => new[] { p.Recogniser, p.Recognised }).ToHashSet(StringComparer.Ordinal);
        return ([.. network.Nodes.Where(n => ends.Contains(n.Code))], pairs);
    }

    private static string Draw(int width, int height, string kind, string title, Action<XmlWriter> content, string box)
    {
        var text = new StringBuilder();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true, Indent = false }))
        {
            xml.WriteStartElement("svg", Space);
            xml.WriteAttributeString("viewBox", box);
            xml.WriteAttributeString("width", Invariant($"{width}"));
            xml.WriteAttributeString("height", Invariant($"{height}"));
            xml.WriteAttributeString("class", "drawing " + kind);
            xml.WriteAttributeString("role", "group");
            xml.WriteAttributeString("aria-label", title);
            xml.WriteAttributeString("font-family", "system-ui, 'Noto Sans', 'PingFang SC', 'Noto Sans CJK SC', sans-serif");
            xml.WriteAttributeString("font-size", "13");
            content(xml);
            xml.WriteEndElement();
        }

        return text.ToString();
    }

    private static void StartLink(XmlWriter xml, Pair pair, ShowNetwork.Response network, Language language)
    {
        xml.WriteStartElement("a", Space);
        xml.WriteAttributeString("href", $"/agreements/{Uri.EscapeDataString(pair.Best.Agreement)}#{pair.Best.Grant}");
        xml.WriteAttributeString("aria-label", InWords(pair, network, language));
    }

    private static void WriteTitle(XmlWriter xml, Pair pair, ShowNetwork.Response network, Language language) =>
        xml.WriteElementString("title", Space, InWords(pair, network, language));

    private static string InWords(Pair pair, ShowNetwork.Response network, Language language)
    {
        return Texts.Of(
            "recognition.cell", language, Name(pair.Recogniser), Name(pair.Recognised), string.Join(" ", pair.Levels.Select(level => Texts.Of(level, language))));

        string Name(string code) => language.Of(network.Nodes.First(n => n.Code == code).Names) ?? code;
    }

    private static void WriteArrowheads(XmlWriter xml)
    {
        xml.WriteStartElement("marker", Space);
        xml.WriteAttributeString("id", "arrow");
        xml.WriteAttributeString("viewBox", "0 0 8 8");
        xml.WriteAttributeString("refX", "7");
        xml.WriteAttributeString("refY", "4");
        xml.WriteAttributeString("markerWidth", "8");
        xml.WriteAttributeString("markerHeight", "8");
        xml.WriteAttributeString("markerUnits", "userSpaceOnUse");
        xml.WriteAttributeString("orient", "auto");
        xml.WriteStartElement("path", Space);
        xml.WriteAttributeString("d", "M0 0L8 4L0 8z");
        xml.WriteAttributeString("class", "head");
        xml.WriteAttributeString("fill", "#46525e");
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Circle(XmlWriter xml)
    {
        xml.WriteStartElement("circle", Space);
        xml.WriteAttributeString("r", "5");
        xml.WriteAttributeString("class", "scheme");
        xml.WriteAttributeString("fill", "#1f5f45");
        xml.WriteEndElement();
    }

    private static void WriteText(XmlWriter xml, string text, int x, int y, string anchor, string kind, string fill = "#1d2321")
    {
        xml.WriteStartElement("text", Space);
        xml.WriteAttributeString("x", Invariant($"{x}"));
        xml.WriteAttributeString("y", Invariant($"{y}"));
        xml.WriteAttributeString("text-anchor", anchor);
        xml.WriteAttributeString("class", kind);
        xml.WriteAttributeString("fill", fill);
        xml.WriteString(text);
        xml.WriteEndElement();
    }

    /// <summary>Writes a name, its lines about a height.</summary>
    private static void WriteName(XmlWriter xml, DrawnName name, int x, int middle, string anchor)
    {
        xml.WriteStartElement("text", Space);
        xml.WriteAttributeString("text-anchor", anchor);
        xml.WriteAttributeString("class", "scheme-name");
        xml.WriteAttributeString("fill", "#1d2321");
        xml.WriteAttributeString("font-size", Invariant($"{name.Size}"));
        var isSpaced = name.Lines.Count > 1 && name.Lines[0][^1] < DrawnName.FirstWide;
        foreach (var (place, line) in name.Lines.Index())
        {
            xml.WriteStartElement("tspan", Space);
            xml.WriteAttributeString("x", Invariant($"{x}"));
            xml.WriteAttributeString("y", Invariant($"{middle + (name.Size * 0.36) + ((place - ((name.Lines.Count - 1) / 2.0)) * name.Size):0.#}"));
            xml.WriteString((isSpaced, place, anchor) switch
            {
                (true, 0, not "end") => line + " ", // for whoever hears or copies it; where it moves nothing
                (true, 1, "end") => " " + line,
                _ => line,
            });
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static string Colour(Outcome? outcome) => outcome switch
    {
        Outcome.Certified or Outcome.Recognised => "#12482f",
        Outcome.Conditional => "#2f7d5a",
        Outcome.VerificationAccepted => "#4a6a8a",
        _ => "#6b7280",
    };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>All that one scheme accepts of another.</summary>
    private sealed record Pair(string Recogniser, string Recognised, ShowNetwork.Edge Best, IReadOnlyList<Level> Levels);
}
