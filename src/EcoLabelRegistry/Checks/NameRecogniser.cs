using EcoLabelRegistry.Http;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Checks;

/// <summary>Finds whom a person means by a name, a code or an alias. Only an exact name is taken; what resembles it is offered.</summary>
public static class NameRecogniser
{
    /// <summary>Stands between name and code where both are shown to be chosen from.</summary>
    public const string Separator = " · ";

    private const int Offered = 6;

    /// <param name="Text">What the person typed or chose: a code, an alias, a name, or <c>name · code</c>.</param>
    /// <param name="KnownAt">The moment whose knowledge is asked for; now unless given.</param>
    public sealed record Request(string Text, KnownAt? KnownAt = null) : IRequest<Response>;

    /// <param name="Found">Who is meant; null when nobody is exactly.</param>
    /// <param name="Near">Who may be meant, when nobody is exactly.</param>
    public sealed record Response(ListRecognisers.Row? Found, IReadOnlyList<ListRecognisers.Row> Near);

    internal sealed class Handler(Registries registries) : IRequestHandler<Request, Response>
    {
        public async Task<Response> Handle(Request request, CancellationToken cancel) =>
            (await registries.ReadAsync(request.KnownAt, registry => Find(registry, request.Text.Trim()), cancel)).Value;

        private static Response Find(RegistryAt registry, string text)
        {
            var all = ListRecognisers.Of(registry);
            var chosen = text.LastIndexOf(Separator, StringComparison.Ordinal) is var at and >= 0 ? text[(at + Separator.Length)..].Trim() : text;
            return (ByCode(all, chosen) ?? ByCode(all, text) ?? ByAlias(registry, all, text) ?? ByName(all, text)) is { } found
                ? new Response(found, [])
                : new Response(null, Near(all, text));
        }

        private static ListRecognisers.Row? ByCode(IReadOnlyList<ListRecognisers.Row> all, string text) =>
            all.FirstOrDefault(r => r.Code == text) ?? all.FirstOrDefault(r => r.Code == FindScheme.Body + text)
            ?? all.FirstOrDefault(r => FindScheme.Body + r.Code == text && r.Kind == Recognition.RecogniserKind.Body);

        private static ListRecognisers.Row? ByAlias(RegistryAt registry, IReadOnlyList<ListRecognisers.Row> all, string text) =>
            registry.SchemeNames.Find(text) is { Count: 1 } codes ? all.FirstOrDefault(r => r.Code == codes.First()) : null;

        // A scheme and its body may share a name: the scheme is looked up first, as for codes.
        private static ListRecognisers.Row? ByName(IReadOnlyList<ListRecognisers.Row> all, string text)
        {
            var key = ProductIdentity.FindKey(text);
            return all.FirstOrDefault(r => r.Names?.Values.Any(name => ProductIdentity.FindKey(name) == key) == true);
        }

        private static List<ListRecognisers.Row> Near(IReadOnlyList<ListRecognisers.Row> all, string text)
        {
            var words = new SearchWords(text);
            var near = NearMatches.Of(text, all.SelectMany(r => (r.Names?.Values ?? []).Append(r.Code)));
            return
            [
                .. near.SelectMany(n => all.Where(r => r.Code == n || (r.Names?.Values ?? []).Contains(n, StringComparer.Ordinal)))
                    .Concat(all.Where(r => words.AreIn([r.Code, .. r.Names?.Values ?? []])))
                    .DistinctBy(r => r.Code, StringComparer.Ordinal)
                    .Take(Offered),
            ];
        }
    }
}
