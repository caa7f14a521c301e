using EcoLabelRegistry.Http;

namespace EcoLabelRegistry.Checks.Lists;

/// <summary>One row as it was read: an item, or why it is none.</summary>
internal sealed record AskedItem(string? Id, CheckMany.Item? Item, RefusalException? Refusal)
{
    /// <summary>What the document may mean by a label: which text is a scheme only the registry knows.</summary>
    public IReadOnlyList<NamedLabel> Labels { get; init; } = [];

    /// <summary>The item with the scheme and the number of the first label that is one of the registry's.</summary>
    public CheckMany.Item Resolve(AskItem registry)
    {
        foreach (var label in Labels)
        {
            var isType = registry.SchemeNamed(label.Type) is not null;
            if (isType || registry.SchemeNamed(label.Id) is not null)
            {
                return Item! with { Scheme = isType ? label.Type : label.Id, Certificate = isType && registry.SchemeNamed(label.Id) is null ? label.Id : label.Number };
            }
        }

        // A certificate of something else may stand beside a product. Alone, it is a label that nobody here knows.
        var isAlone = Item!.Gtin is null && Item.Brand is null && Item.Category is null;
        return isAlone && Labels is [{ IsLabel: true } unknown, ..]
            ? Item with { Scheme = unknown.Type ?? unknown.Id, Certificate = unknown.Type is null ? unknown.Number : unknown.Id }
            : Item;
    }
}

/// <summary>How a document names a label: texts of which one is a scheme, and the number that may stand beside it.</summary>
/// <param name="Type">What kind of label: a scheme, or not.</param>
/// <param name="Id">A number, or the scheme where the type is none.</param>
/// <param name="Number">The number, where the id is the scheme.</param>
/// <param name="IsLabel">True when the document says that it is a label or certificate, whoever knows it.</param>
internal sealed record NamedLabel(string? Type, string? Id, string? Number, bool IsLabel);

/// <summary>Some items of a document.</summary>
internal sealed record ItemBatch(ReadOnlyMemory<AskedItem> Items, bool IsFirst) : IDisposable
{
    private const int Size = 64;

    /// <summary>All items in batches.</summary>
    public static IEnumerable<ItemBatch> Of(AskedItem[] items)
    {
        for (var at = 0; at < items.Length; at += Size)
        {
            yield return new(items.AsMemory(at, Math.Min(Size, items.Length - at)), at == 0);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
    }
}
