using System.Text.Json.Serialization;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Objections;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Policies;

/// <summary>Shows a purchasing policy with the labels that it accepts.</summary>
/// <remarks>
/// A line that names <c>recognisedBy</c> accepts whatever that scheme recognises; which labels these are on a date is told by
/// <c>/v1/recognitions?recogniser=</c> with the policy's code.
/// </remarks>
public static class GetPolicy
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/policies/{code}", HandleAsync)
        .WithExample(Example);

    private static async Task<Reply<Response>> HandleAsync(Parameters<Request> request, IMediator mediator, CancellationToken cancel)
    {
        var found = await mediator.Send(request.Value, cancel);
        return Reply.Computed(found.Value, found.Revision, found.Value.Revision);
    }

    /// <param name="Code" example="tw-type1-foreign">Code of the policy.</param>
    /// <param name="AsOf">The date on which its lines are in force; today (UTC) unless given.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for, an instant or a revision; now unless given.</param>
    public sealed record Request(string Code, AsOf? AsOf = null, KnownAt? KnownAt = null) : IRequest<Read<Response>>;

    /// <summary>A purchasing policy on record.</summary>
    public sealed record Response : Sourced
    {
        /// <summary>Lower kebab-case.</summary>
        public required string Code { get; init; }

        /// <summary>The authority, as the source names it.</summary>
        public required string Authority { get; init; }

        /// <summary>Names by language.</summary>
        public required IReadOnlyDictionary<string, string> Names { get; init; }

        /// <summary>ISO 3166-1, or <c>EU</c>, <c>UN</c>.</summary>
        public string? Jurisdiction { get; init; }

        /// <summary>Must equivalent labels be accepted? Null when the source does not say.</summary>
        public bool? EquivalentsAccepted { get; init; }

        /// <summary>Mandatory, preferred, recommended: the source's words.</summary>
        public string? Obligation { get; init; }

        /// <summary>The law or order that it rests on.</summary>
        public string? LegalBasis { get; init; }

        /// <summary>The date on which its lines are in force.</summary>
        public DateOnly AsOf { get; init; }

        /// <summary>The labels accepted, in the order of the text.</summary>
        public required IReadOnlyList<Line> Accepts { get; init; }

        /// <summary>The first objections to it, those without an answer before the others; all are at <c>/v1/objections?about=</c>. A list shows none.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public IReadOnlyList<ObjectionBeside>? Objections { get; init; }

        /// <summary>How many objections to it there are.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public long? ObjectionCount { get; init; }

        /// <summary>The revision that last wrote it.</summary>
        public long Revision { get; init; }

        internal static Response Of(Recorded<PolicyEntry> recorded, DateOnly asOf)
        {
            var entry = recorded.Entry;
            return new()
            {
                Code = entry.Code!,
                Authority = entry.Authority!,
                Names = entry.Names!,
                Jurisdiction = entry.Jurisdiction,
                EquivalentsAccepted = entry.EquivalentsAccepted,
                Obligation = entry.Obligation,
                LegalBasis = entry.LegalBasis,
                AsOf = asOf,
                Accepts = [.. (entry.Accepts ?? []).Select((line, i) => new Line(line, i, asOf))],
                Revision = recorded.Revision,
                Sources = entry.Sources,
                Confidence = entry.Confidence,
                Notes = entry.Notes,
                Sample = entry.Sample,
            };
        }
    }

    /// <summary>An accepted label, or whatever a scheme recognises.</summary>
    public sealed record Line : PolicyLineEntry
    {
        public Line()
        {
        }

        internal Line(PolicyLineEntry entry, int index, DateOnly asOf)
            : base(entry)
        {
            Grant = FormattableString.Invariant($"{index + 1}");
            InForce = entry.IsInForce(asOf);
        }

        /// <summary>Its place in the policy, counted from 1: what checks and recognitions call the grant.</summary>
        public string Grant { get; init; } = "";

        /// <summary>True when it is in force on the date.</summary>
        public bool InForce { get; init; }
    }

    internal sealed class Handler(Registries registries, TimeProvider clock) : IRequestHandler<Request, Read<Response>>
    {
        public async Task<Read<Response>> Handle(Request request, CancellationToken cancel)
        {
            await using var reading = await registries.ReadAsync(request.KnownAt, cancel);
            var shown = Response.Of(reading.Registry.Policies.Named(Thing.Policy, request.Code), request.AsOf?.Day ?? Http.AsOf.Today(clock));
            var objections = await reading.ObjectionsAsync(Subjects.Of(RecordKind.Policy, request.Code));
            return new(shown with { Objections = objections.Items, ObjectionCount = objections.Count }, reading.Revision);
        }
    }

    /// <summary>A true answer, for the contract.</summary>
    internal const string Example = """
        {
          "code": "tw-type1-foreign", "authority": "Public Construction Commission and Ministry of Environment",
          "names": {
            "en": "Priority procurement: type I products with a foreign label under a reciprocal agreement",
            "zh": "优先采购：持有与环保标章互惠承认之外国标志的第一类产品"
          },
          "jurisdiction": "TW", "equivalentsAccepted": true, "obligation": "preferred (up to 10 % higher price allowed)",
          "legalBasis": "Government Procurement Act 1998 Art. 96; Regulations for Priority Procurement of Eco-Products 1999",
          "asOf": "2026-11-22",
          "accepts": [
            {
              "grant": "1", "inForce": true, "scheme": null, "recognisedBy": "twgm", "minLevel": null, "reciprocal": true,
              "categories": null, "standards": null, "minTier": null, "from": "1999-05-27", "until": null, "conditions": null,
              "sources": null, "confidence": "verified", "notes": null, "sample": null
            }
          ],
          "revision": 547,
          "sources": [
            {
              "title": "Energy Label FAQ: which products qualify under the green procurement regulation",
              "address": "https://www.energylabel.org.tw/englishlabel/intro_en/faq/upt.aspx?&uid=0&con=1&cid=0&year=&month=&day=&key=&p0=23",
              "published": null, "readOn": "2026-11-22", "confidence": "verified"
            }
          ],
          "confidence": "verified",
          "notes": "A licence of a foreign Type I label counts as type I where its label has a reciprocal agreement with the Green Mark: an agreement between labels becom",
          "sample": null
        }
        """;
}
