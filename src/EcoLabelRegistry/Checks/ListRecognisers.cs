using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Checks;

/// <summary>Lists everybody who can be asked to recognise: schemes that certify, purchasing policies, label bodies.</summary>
public static class ListRecognisers
{
    /// <param name="KnownAt">The moment whose knowledge is asked for; now unless given.</param>
    public sealed record Request(KnownAt? KnownAt = null) : IRequest<IReadOnlyList<Row>>;

    /// <summary>Who can be asked.</summary>
    /// <param name="Code">What a check takes as <c>recognisedBy</c>; a body whose code is also a scheme's has <c>body:</c> before it.</param>
    /// <param name="Kind">Scheme, policy or label body.</param>
    /// <param name="Names">Names by language.</param>
    /// <param name="Sample">True for invented data.</param>
    public sealed record Row(string Code, RecogniserKind Kind, IReadOnlyDictionary<string, string>? Names, bool Sample);

    /// <summary>Schemes, then policies, then bodies: the order in which a code is looked up. Invented ones come last in each.</summary>
    internal static IReadOnlyList<Row> Of(RegistryAt registry)
    {
        var schemes = registry.Schemes.Values.Select(s => s.Entry).Where(s => s.Kind != SchemeKind.CriteriaSet)
            .Select(s => new Row(s.Code!, RecogniserKind.Scheme, s.Names, s.Sample == true));
        var policies = registry.Policies.Values.Select(p => new Row(p.Entry.Code!, RecogniserKind.Policy, p.Entry.Names, p.Entry.Sample == true));
        var bodies = registry.LabelBodies.Values.Select(b => new Row(
            registry.Schemes.ContainsKey(b.Entry.Code!) || registry.Policies.ContainsKey(b.Entry.Code!) ? FindScheme.Body + b.Entry.Code : b.Entry.Code!,
            RecogniserKind.Body,
            b.Entry.Names,
            b.Entry.Sample == true));
        return [.. schemes.OrderBy(r => r.Sample), .. policies.OrderBy(r => r.Sample), .. bodies.OrderBy(r => r.Sample)];
    }

    internal sealed class Handler(Registries registries) : IRequestHandler<Request, IReadOnlyList<Row>>
    {
        public async Task<IReadOnlyList<Row>> Handle(Request request, CancellationToken cancel) =>
            (await registries.ReadAsync(request.KnownAt, Of, cancel)).Value;
    }
}
