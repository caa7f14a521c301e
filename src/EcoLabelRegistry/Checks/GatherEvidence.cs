using System.Text.Json;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Policies;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Schemes;
using EcoLabelRegistry.Snapshot;
using EcoLabelRegistry.Standards;
using MediatR;

namespace EcoLabelRegistry.Checks;

/// <summary>Answers the main question and gathers all that the answer rests on, at one revision: for a page, and for a tender file.</summary>
/// <remarks>
/// Each part stands under the address that shows it. <c>hashes</c> has the SHA-256 of each part in canonical JSON (RFC 8785), and <c>head</c> the hash
/// of the log at the revision: who keeps the file can prove later that the registry said this then.
/// </remarks>
public static class GatherEvidence
{
    /// <param name="Question">The question.</param>
    public sealed record Request(CheckProduct.Request Question) : IRequest<Response>;

    /// <summary>An answer and what it rests on.</summary>
    /// <param name="Answer">The answer.</param>
    /// <param name="Revision">The revision of the registry that all of it is of.</param>
    /// <param name="At">When that revision was written; null before the first.</param>
    /// <param name="Head">Hash of the log at the revision; null before the first.</param>
    /// <param name="Schemes">The schemes concerned, by code.</param>
    /// <param name="Agreements">The agreements concerned, with their texts and sources.</param>
    /// <param name="Policies">The policies concerned.</param>
    /// <param name="Standards">The standards concerned, with their criteria.</param>
    /// <param name="Certificates">The certificates judged.</param>
    /// <param name="Hashes">SHA-256 of each part, by its address.</param>
    public sealed record Response(
        CheckAnswer Answer,
        long Revision,
        string? At,
        string? Head,
        IReadOnlyDictionary<string, GetScheme.Response> Schemes,
        IReadOnlyDictionary<string, GetAgreement.Response> Agreements,
        IReadOnlyDictionary<string, GetPolicy.Response> Policies,
        IReadOnlyDictionary<string, GetStandard.Response> Standards,
        IReadOnlyDictionary<string, GetCertificate.Response> Certificates,
        IReadOnlyDictionary<string, string> Hashes);

    internal sealed class Handler(IMediator mediator) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken cancel)
        {
            var answer = await mediator.Send(request.Question, cancel);
            var (asOf, knownAt) = (new AsOf(answer.AsOf), new KnownAt(answer.Revision, null));
            var steps = answer.Paths.SelectMany(p => p.Steps).ToList();

            var certificates = await GatherAsync(
                answer.Paths.Select(p => p.Certificate.Id).Concat(answer.Certificates.Select(c => c.Id)),
                async id => (await mediator.Send(new GetCertificate.Request(id, asOf, knownAt), cancel)).Value);
            var agreements = await GatherAsync(
                steps.Select(s => s.Agreement).Append(answer.Nearest?.Agreement).Concat(answer.Reasons.Select(r => CodeIn(r.About, "/v1/agreements/"))),
                async code => (await mediator.Send(new GetAgreement.Request(code, asOf, knownAt), cancel)).Value);
            var policies = await GatherAsync(
                steps.Select(s => s.Policy).Append(answer.Nearest?.Policy).Append(answer.Recogniser.Kind == RecogniserKind.Policy ? answer.Recogniser.Code : null),
                async code => (await mediator.Send(new GetPolicy.Request(code, asOf, knownAt), cancel)).Value);
            var standards = await GatherAsync(
                answer.Paths.Select(p => p.Certificate.Standard)
                    .Concat(answer.Paths.SelectMany(p => p.Conditions).Select(c => c.Standard))
                    .Concat(certificates.Values.Select(c => c.Period?.Standard)),
                async id => (await mediator.Send(new GetStandard.Request(id, asOf, knownAt), cancel)).Value);
            var schemes = await GatherAsync(
                steps.SelectMany(s => new[] { s.Recogniser, s.Recognised }).Where(code => !policies.ContainsKey(code))
                    .Concat(certificates.Values.Select(c => c.Scheme))
                    .Concat(answer.Coverage.Select(c => c.Scheme))
                    .Concat(answer.Related.Select(r => r.Scheme))
                    .Concat(agreements.Values.SelectMany(a => a.Grants).SelectMany(g => new[] { g.Recogniser, g.Recognised }))
                    .Concat(answer.Reasons.Select(r => CodeIn(r.About, "/v1/schemes/")))
                    .Append(answer.Recogniser.Kind == RecogniserKind.Scheme ? answer.Recogniser.Code : null),
                async code => (await mediator.Send(new GetScheme.Request(code, knownAt), cancel)).Value);
            var entry = answer.Revision == 0 ? null : (await mediator.Send(new GetChange.Request(new RevisionNumber(answer.Revision)), cancel)).Value;

            var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["/v1/check"] = HashOf(answer) };
            Add("/v1/schemes/", schemes);
            Add("/v1/agreements/", agreements);
            Add("/v1/policies/", policies);
            Add("/v1/standards/", standards);
            Add("/v1/certificates/", certificates);
            return new(answer, answer.Revision, entry?.At, entry?.Hash, schemes, agreements, policies, standards, certificates, hashes);

            void Add<T>(string address, IReadOnlyDictionary<string, T> parts)
            {
                foreach (var (code, part) in parts)
                {
                    hashes[address + Uri.EscapeDataString(code)] = HashOf(part);
                }
            }
        }

        private static async Task<IReadOnlyDictionary<string, T>> GatherAsync<T>(IEnumerable<string?> codes, Func<string, Task<T>> read)
        {
            var parts = new SortedDictionary<string, T>(StringComparer.Ordinal);
            foreach (var code in codes.OfType<string>().Distinct(StringComparer.Ordinal))
            {
                parts[code] = await read(code);
            }

            return parts;
        }

        private static string? CodeIn(string about, string address) =>
            about.StartsWith(address, StringComparison.Ordinal) ? Uri.UnescapeDataString(about[address.Length..]) : null;

        private static string HashOf<T>(T part) => CanonicalJson.Digest(JsonSerializer.SerializeToNode(part, Json.Options));
    }
}
