using System.Globalization;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Checks.Lists;

/// <summary>The items of a document as a table: a column for each member that any of them has.</summary>
internal sealed class ItemTable
{
    private static readonly (Column? Column, string Name, Func<CheckMany.Item, string?> Text)[] All =
    [
        (Column.Id, "id", i => i.Id),
        (Column.Gtin, "gtin", i => i.Gtin),
        (Column.Brand, "brand", i => i.Brand),
        (Column.Model, "model", i => i.Model),
        (null, "product", i => i.Product),
        (Column.Scheme, "scheme", i => i.Scheme),
        (Column.Certificate, "certificate", i => i.Certificate),
        (Column.Category, "category", i => i.Category),
        (Column.Territory, "territory", i => i.Territory),
        (Column.RecognisedBy, "recognisedBy", i => i.RecognisedBy),
        (Column.AsOf, "asOf", i => i.AsOf?.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        (Column.MinLevel, "minLevel", i => i.MinLevel is { } level ? Code.Of(level) : null),
    ];

    private readonly (Column? Column, string Name, Func<CheckMany.Item, string?> Text)[] _columns;

    private ItemTable(AskedItem[] items)
    {
        Items = items;
        _columns = [.. All.Where(column => column.Column == Column.Id || items.Any(i => i.Item is { } item && column.Text(item) is not null))];
    }

    /// <summary>The items, each with the label that the registry knows of those that it names.</summary>
    public AskedItem[] Items { get; }

    /// <summary>Names of the columns.</summary>
    public IReadOnlyList<string> Names => [.. _columns.Select(c => c.Name)];

    /// <summary>What the columns are; null for a product's id, which no table has.</summary>
    public IReadOnlyList<Column?> Meanings => [.. _columns.Select(c => c.Column)];

    /// <summary>The table of some items.</summary>
    public static ItemTable Of(AskedItem[] items, AskItem registry) =>
        new([.. items.Select(i => i.Refusal is null ? new AskedItem(i.Id, i.Resolve(registry), null) : i)]);

    /// <summary>The texts of an item; one that cannot be asked has its id alone.</summary>
    public IEnumerable<string> Texts(AskedItem asked) => _columns.Select(c => (asked.Item is { } item ? c.Text(item) : c.Column == Column.Id ? asked.Id : null) ?? "");

    /// <summary>Writes the cells of an item.</summary>
    public void Write(Page page, AskedItem asked)
    {
        var isFirst = true;
        foreach (var text in Texts(asked))
        {
            WriteTable.Cell(page, text, isFirst);
            isFirst = false;
        }
    }
}
