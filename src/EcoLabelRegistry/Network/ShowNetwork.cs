using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using System.Xml;
using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using FluentValidation;
using MediatR;

namespace EcoLabelRegistry.Network;

/// <summary>Shows schemes and the grants in force between them as a graph.</summary>
/// <remarks>
/// An arrow runs from the recogniser to the recognised: who accepts whom, never the other way by itself. Grants of every level are there; one
/// whose level gives nothing to a certificate has no outcome (and is dotted in a drawing). Without a category every scheme is a node;
/// with one, those that a grant for it connects. As JSON, or by <c>Accept</c> as GraphML, as a Graphviz text or as an SVG drawing.
/// </remarks>
public static class ShowNetwork
{
    private const string Json = "application/json";
    private const string GraphMl = "application/graphml+xml";
    private const string Graphviz = "text/vnd.graphviz";
    private const string Svg = "image/svg+xml";

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/network", HandleAsync)
        .WithExample("""
            {
              "asOf": "2026-11-22", "category": "lighting",
              "nodes": [
                {
                  "code": "abnt", "names": { "en": "ABNT Environmental Quality", "zh": "巴西ABNT环境质量标志" }, "kind": "scheme", "parent": null,
                  "countries": ["BR"], "sample": false
                },
                {
                  "code": "vitality-leaf", "names": { "en": "Vitality Leaf", "zh": "生命之叶（俄罗斯）" }, "kind": "scheme", "parent": null,
                  "countries": ["RU"], "sample": false
                }
              ],
              "edges": [
                {
                  "recogniser": "abnt", "recognised": "vitality-leaf", "level": "common-criteria", "outcome": "conditional",
                  "categories": [], "agreement": "abnt-vitalityleaf", "grant": "abnt-accepts-vitality-leaf", "holdsUntil": null,
                  "unconfirmed": true, "sample": false
                }
              ],
              "revision": 772
            }
            """)
        .Produces<Response>()
        .AlsoAnswers(GraphMl, """
            <?xml version="1.0" encoding="utf-8"?>
            <graphml xmlns="http://graphml.graphdrawing.org/xmlns">
              <key id="level" for="edge" attr.name="level" attr.type="string" />
              <graph id="recognition" edgedefault="directed">
                <node id="abnt" />
                <node id="vitality-leaf" />
                <edge id="abnt-vitalityleaf:abnt-accepts-vitality-leaf" source="abnt" target="vitality-leaf">
                  <data key="level">common-criteria</data>
                </edge>
              </graph>
            </graphml>
            """)
        .AlsoAnswers(Graphviz, """
            digraph recognition {
              "abnt" -> "vitality-leaf" [label="common-criteria", style=dashed, tooltip="abnt-vitalityleaf/abnt-accepts-vitality-leaf"];
            }
            """)
        .AlsoAnswers(Svg, """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="-530 -340 1060 680" role="group" aria-label="Graph of who recognises whom on 2026-11-22">
              <a href="/agreements/abnt-vitalityleaf#abnt-accepts-vitality-leaf" aria-label="ABNT Environmental Quality recognises Vitality Leaf.">
                <path d="M0 -292Q20 0 0 288" fill="none" stroke="#2f7d5a" stroke-width="1.8" />
              </a>
            </svg>
            """)
        .Refuses(ProblemCode.UnknownCategory, ProblemCode.Ambiguous, ProblemCode.NotAcceptable);

    private static async Task<IResult> HandleAsync(Parameters<Request> request, IMediator mediator, HttpContext http, CancellationToken cancel)
    {
        var mediaType = MediaTypes.Choose(http, Json, GraphMl, Graphviz, Svg);
        var network = await mediator.Send(request.Value, cancel);
        return mediaType switch
        {
            GraphMl => Reply.Written(GraphMl, network.Revision, (writer, stop) => WriteAsync(GraphMlOf(network, Language.Current), writer, stop)),
            Graphviz => Reply.Written(Graphviz, network.Revision, (writer, stop) => WriteAsync(GraphvizOf(network, Language.Current), writer, stop)),
            Svg => Reply.Written(Svg, network.Revision, (writer, stop) => WriteAsync(Encoding.UTF8.GetBytes(NetworkDrawing.Graph(network, Language.Current)), writer, stop)),
            _ => Reply.Computed(network, network.Revision),
        };
    }

    /// <param name="Category" example="it.imaging">Own code, <c>cpv:…</c> or <c>unspsc:…</c>: grants that some product of it may fall under.</param>
    /// <param name="AsOf">The date on which grants are in force; today (UTC) unless given.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record Request(string? Category = null, AsOf? AsOf = null, KnownAt? KnownAt = null) : IRequest<Response>;

    /// <summary>A graph of schemes and grants.</summary>
    /// <param name="AsOf">The date asked about.</param>
    /// <param name="Category">The category asked about, by its own code; null for all.</param>
    /// <param name="Nodes">Schemes, by code.</param>
    /// <param name="Edges">Grants in force, by agreement and grant.</param>
    /// <param name="Revision">The revision of the registry that it rests on.</param>
    public sealed record Response(DateOnly AsOf, string? Category, IReadOnlyList<Node> Nodes, IReadOnlyList<Edge> Edges, long Revision);

    /// <summary>A scheme.</summary>
    /// <param name="Code">Its code.</param>
    /// <param name="Names">Names by language.</param>
    /// <param name="Kind">Scheme, or set of criteria that certifies nothing.</param>
    /// <param name="Parent">Code of the scheme that it is a sub-scheme of.</param>
    /// <param name="Countries">ISO 3166-1, or <c>EU</c>, <c>UN</c>; empty for world-wide.</param>
    /// <param name="Sample">True for invented data.</param>
    public sealed record Node(
        string Code, IReadOnlyDictionary<string, string>? Names, SchemeKind Kind, string? Parent, IReadOnlyList<string> Countries, bool Sample);

    /// <summary>A grant in force.</summary>
    /// <param name="Recogniser">Code of the scheme that accepts.</param>
    /// <param name="Recognised">Code of the scheme that is accepted.</param>
    /// <param name="Level">What is accepted.</param>
    /// <param name="Outcome">The best that it can give a certificate; null when its level gives nothing.</param>
    /// <param name="Categories">Categories covered, with those below them; empty means all.</param>
    /// <param name="Agreement">Code of the agreement.</param>
    /// <param name="Grant">Id of the grant in it.</param>
    /// <param name="HoldsUntil">Last day given every event on record; null when open-ended.</param>
    /// <param name="Unconfirmed">True when no source shows the agreement alive as late as the date.</param>
    /// <param name="Sample">True when it rests on invented data.</param>
    public sealed record Edge(
        string Recogniser,
        string Recognised,
        Level Level,
        Outcome? Outcome,
        IReadOnlyList<string> Categories,
        string Agreement,
        string Grant,
        DateOnly? HoldsUntil,
        bool Unconfirmed,
        bool Sample);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator() => RuleFor(r => r.Category).IsText(Limits.Line);
    }

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken cancel)
        {
            var asOf = request.AsOf?.Day ?? Http.AsOf.Today(clock);
            return (await registries.ReadAsync(request.KnownAt, registry => Draw(registry, request, asOf), cancel)).Value;
        }

        private static Response Draw(RegistryAt registry, Request request, DateOnly asOf)
        {
            var category = request.Category is null ? null : FindCategory.Find(registry, "category", request.Category);
            List<Edge> edges =
            [
                .. from a in AcceptedLabels.On(registry.Graph, asOf, category)
                   where a.Grant.Agreement is not null
                   select new Edge(
                       a.Grant.Grant.Recogniser,
                       a.Recognised,
                       a.Level,
                       a.Outcome,
                       a.Categories,
                       a.Grant.Agreement!.Code,
                       a.Grant.Grant.Id,
                       a.HoldsUntil,
                       a.IsUnconfirmed,
                       a.Warnings.Contains(Warning.Sample)),
            ];
            var ends = edges.SelectMany(e => new[] { e.Recogniser, e.Recognised }).ToHashSet(StringComparer.Ordinal);
            return new(
                asOf,
                category,
                [
                    .. from scheme in registry.Schemes.Values
                       let entry = scheme.Entry
                       where category is null || ends.Contains(entry.Code!)
                       select new Node(entry.Code!, entry.Names, entry.Kind ?? SchemeKind.Scheme, entry.Parent, entry.Countries ?? [], entry.Sample ?? false),
                ],
                edges,
                registry.Revision);
        }
    }

    private static async Task WriteAsync(byte[] text, PipeWriter writer, CancellationToken cancel) => await writer.WriteAsync(text, cancel);

    // Source: GraphML Primer, http://graphml.graphdrawing.org/primer/graphml-primer.html
    private static byte[] GraphMlOf(Response network, Language language)
    {
        const string Space = "http://graphml.graphdrawing.org/xmlns";
        using var buffer = new MemoryStream();
        using (var xml = XmlWriter.Create(buffer, new XmlWriterSettings { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(false) }))
        {
            xml.WriteStartElement("graphml", Space);
            foreach (var (owner, name, type) in new[]
            {
                ("node", "name", "string"), ("node", "kind", "string"), ("node", "parent", "string"), ("node", "countries", "string"), ("node", "sample", "boolean"),
                ("edge", "level", "string"), ("edge", "outcome", "string"), ("edge", "categories", "string"), ("edge", "agreement", "string"),
                ("edge", "grant", "string"), ("edge", "holdsUntil", "string"), ("edge", "unconfirmed", "boolean"), ("edge", "edgeSample", "boolean"),
            })
            {
                xml.WriteStartElement("key", Space);
                xml.WriteAttributeString("id", name);
                xml.WriteAttributeString("for", owner);
                xml.WriteAttributeString("attr.name", name == "edgeSample" ? "sample" : name);
                xml.WriteAttributeString("attr.type", type);
                xml.WriteEndElement();
            }

            xml.WriteStartElement("graph", Space);
            xml.WriteAttributeString("id", "recognition");
            xml.WriteAttributeString("edgedefault", "directed");
            foreach (var node in network.Nodes)
            {
                xml.WriteStartElement("node", Space);
                xml.WriteAttributeString("id", node.Code);
                Data("name", language.Of(node.Names));
                Data("kind", Code.Of(node.Kind));
                Data("parent", node.Parent);
                Data("countries", string.Join(' ', node.Countries));
                Data("sample", XmlConvert.ToString(node.Sample));
                xml.WriteEndElement();
            }

            foreach (var edge in network.Edges)
            {
                xml.WriteStartElement("edge", Space);
                xml.WriteAttributeString("id", $"{edge.Agreement}:{edge.Grant}"); // an NMTOKEN has no slash
                xml.WriteAttributeString("source", edge.Recogniser);
                xml.WriteAttributeString("target", edge.Recognised);
                Data("level", Code.Of(edge.Level));
                Data("outcome", edge.Outcome is { } outcome ? Code.Of(outcome) : null);
                Data("categories", string.Join(' ', edge.Categories));
                Data("agreement", edge.Agreement);
                Data("grant", edge.Grant);
                Data("holdsUntil", edge.HoldsUntil?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
                Data("unconfirmed", XmlConvert.ToString(edge.Unconfirmed));
                Data("edgeSample", XmlConvert.ToString(edge.Sample));
                xml.WriteEndElement();
            }

            void Data(string key, string? value)
            {
                if (!string.IsNullOrEmpty(value))
                {
                    xml.WriteStartElement("data", Space);
                    xml.WriteAttributeString("key", key);
                    xml.WriteString(value);
                    xml.WriteEndElement();
                }
            }
        }

        return buffer.ToArray();
    }

    // Source: the DOT language, https://graphviz.org/doc/info/lang.html
    private static byte[] GraphvizOf(Response network, Language language)
    {
        var text = new StringBuilder("digraph recognition {\n  node [shape=box];\n");
        foreach (var node in network.Nodes)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {Quoted(node.Code)} [label={Quoted(language.Of(node.Names) ?? node.Code)}];\n");
        }

        foreach (var edge in network.Edges)
        {
            var style = edge.Outcome switch
            {
                Outcome.Recognised => "solid",
                null => "dotted",
                _ => "dashed",
            };
            text.Append(
                CultureInfo.InvariantCulture,
                $"  {Quoted(edge.Recogniser)} -> {Quoted(edge.Recognised)} [label={Quoted(Code.Of(edge.Level))}, style={style}, tooltip={Quoted($"{edge.Agreement}/{edge.Grant}")}];\n");
        }

        return Encoding.UTF8.GetBytes(text.Append("}\n").ToString());
    }

    // A backslash begins an escape of the label language, and a line break ends a line of it.
    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).ReplaceLineEndings("\\n")}\"";
}
