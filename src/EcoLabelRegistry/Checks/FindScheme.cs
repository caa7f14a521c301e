using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Checks;

/// <summary>Finds who or what a code means.</summary>
public static class FindScheme
{
    /// <summary>Forces a label body where a scheme has the same code.</summary>
    internal const string Body = "body:";

    /// <summary>Code of the scheme that a code or an alias names.</summary>
    /// <exception cref="RefusalException">None does (422), or several do and none exactly (409).</exception>
    public static string Find(RegistryAt registry, string member, string text) => registry.SchemeNames.Find(text) switch
    {
        { Count: 0 } => throw UnknownScheme(registry, member, text),
        { Count: 1 } one => one.First(),
        var several => throw Refusal.Ambiguous(text, [.. several.Select(code => new { Scheme = code })]),
    };

    /// <summary>The recogniser that a code names: a scheme, else a policy, else a label body; <c>body:geca</c> forces the body.</summary>
    /// <exception cref="RefusalException">Nobody has the code (422).</exception>
    public static Recogniser FindRecogniser(RegistryAt registry, string member, string text)
    {
        if (text.StartsWith(Body, StringComparison.Ordinal))
        {
            var code = text[Body.Length..];
            return registry.LabelBodies.ContainsKey(code)
                ? new Recogniser(RecogniserKind.Body, code)
                : throw Refusal.Unknown(Thing.Recogniser, member, text, registry.LabelBodies.Keys.Select(k => Body + k));
        }

        return registry.Schemes.ContainsKey(text) ? new Recogniser(RecogniserKind.Scheme, text)
            : registry.Policies.ContainsKey(text) ? new Recogniser(RecogniserKind.Policy, text)
            : registry.LabelBodies.ContainsKey(text) ? new Recogniser(RecogniserKind.Body, text)
            : throw UnknownRecogniser(registry, member, text);
    }

    private static RefusalException UnknownScheme(RegistryAt registry, string member, string text) =>
        NearMatches.Of(text, registry.Schemes.Keys) is { Count: > 0 } codes
            ? Refusal.UnknownNear(Thing.Scheme, member, text, codes)
            : Refusal.Unknown(Thing.Scheme, member, text, registry.SchemeNames.All);

    // An alias is no code here, but what it stands for is offered and nothing that only looks like it: SGLS+ is not SGLS.
    private static RefusalException UnknownRecogniser(RegistryAt registry, string member, string text) =>
        registry.SchemeNames.Find(text) is { Count: > 0 } named
            ? Refusal.UnknownNear(Thing.Recogniser, member, text, [.. named])
            : Refusal.Unknown(Thing.Recogniser, member, text, registry.Schemes.Keys.Concat(registry.Policies.Keys).Concat(registry.LabelBodies.Keys));
}
