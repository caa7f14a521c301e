using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Pages;

/// <summary>The question as a person fills it in.</summary>
/// <param name="What">A GTIN, a certificate number, a Digital Link, or brand and model.</param>
/// <param name="RecognisedBy">Who should recognise it: a name or a code.</param>
/// <param name="AsOf">The date.</param>
/// <param name="Recognisers">Everybody who can be asked.</param>
public sealed record CheckForm(string? What, string? RecognisedBy, string AsOf, IReadOnlyList<ListRecognisers.Row> Recognisers)
{
    /// <summary>Its id on a page.</summary>
    public const string Id = "check";

    /// <summary>The fields that are filled in; what is wrong with another part of an address is said above them.</summary>
    public static readonly IReadOnlyList<string> Fields = ["what", "recognisedBy", "asOf", "category", "territory"];

    /// <summary>Own code, <c>cpv:…</c> or <c>unspsc:…</c>.</summary>
    public string? Category { get; init; }

    /// <summary>ISO 3166-1 or -2.</summary>
    public string? Territory { get; init; }

    /// <summary>What is wrong with which field.</summary>
    public IReadOnlyDictionary<string, Message> Faults { get; init; } = new Dictionary<string, Message>(StringComparer.Ordinal);

    /// <summary>Who may have been meant.</summary>
    public IReadOnlyList<ListRecognisers.Row> Near { get; init; } = [];
}
