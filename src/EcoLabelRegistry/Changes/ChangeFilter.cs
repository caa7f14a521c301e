using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Changes;

/// <summary>Which entries of the log somebody wants to hear of: those that concern any one of the things named; all of them when nothing is named.</summary>
/// <param name="Schemes">Codes of schemes: what is written of them, of their certificates, standards and bodies, and of agreements and policies that name them.</param>
/// <param name="Agreements">Codes of agreements: what is written of them, and of agreements that add to them.</param>
/// <param name="Categories">Codes of categories: what is written of them and of all that covers them or lies below them.</param>
/// <param name="Products">Ids of products: their certificates, and the schemes that certified them with those schemes' standards, agreements and policies.</param>
public sealed record ChangeFilter(
    IReadOnlyList<string>? Schemes = null,
    IReadOnlyList<string>? Agreements = null,
    IReadOnlyList<string>? Categories = null,
    IReadOnlyList<string>? Products = null)
{
    private static readonly System.Buffers.SearchValues<char> HexDigits = System.Buffers.SearchValues.Create("0123456789abcdef");

    /// <summary>Most items of one list.</summary>
    public const int MostItems = 1000;

    /// <summary>True when every entry passes.</summary>
    [JsonIgnore]
    public bool IsEmpty => !(Schemes?.Count > 0 || Agreements?.Count > 0 || Categories?.Count > 0 || Products?.Count > 0);

    /// <summary>Refuses what names no record: a misspelt code would never be heard of. A product may be certified later.</summary>
    /// <param name="registry">The registry as it stands.</param>
    /// <param name="path">What stands before the name of a member: <c>filter.</c></param>
    /// <exception cref="RefusalException">A scheme, an agreement or a category does not exist (422), or a product's id is none (400).</exception>
    public void Demand(RegistryAt registry, string path)
    {
        registry.Schemes.Require(Thing.Scheme, path + "schemes", Schemes);
        registry.Agreements.Require(Thing.Agreement, path + "agreements", Agreements);
        registry.Categories.Require(Thing.Category, path + "categories", Categories);
        for (var i = 0; i < (Products?.Count ?? 0); i++)
        {
            if (!IsProduct(Products![i]))
            {
                throw Refusal.Invalid($"{path}products[{i}]", new Message("fault.product-id", Products[i]));
            }
        }
    }

    private static bool IsProduct(string id) => id.Length == 22 && id.StartsWith("p-", StringComparison.Ordinal) && id.AsSpan(2).IndexOfAnyExcept(HexDigits) < 0;
}

/// <summary>Codes in one parameter, separated by commas.</summary>
/// <param name="Codes">The codes, none twice.</param>
public sealed record CodeList(IReadOnlyList<string> Codes) : ITextValue<CodeList>
{
    /// <inheritdoc />
    public static ValueShape Shape { get; } = new("string", Example: "cel,eco-mark");

    /// <inheritdoc />
    public static bool TryRead(string text, [NotNullWhen(true)] out CodeList? value, [NotNullWhen(false)] out Message? fault)
    {
        var codes = text.Split(',', StringSplitOptions.TrimEntries);
        fault = codes.Contains("", StringComparer.Ordinal) ? new Message("fault.code-list", text)
            : codes.Length > ChangeFilter.MostItems ? new Message("fault.too-many", ChangeFilter.MostItems)
            : null;
        value = fault is null ? new([.. codes.Distinct(StringComparer.Ordinal)]) : null;
        return value is not null;
    }

    /// <inheritdoc />
    public override string ToString() => string.Join(',', Codes);
}
