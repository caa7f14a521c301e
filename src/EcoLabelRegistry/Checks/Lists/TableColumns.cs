using System.Collections.Frozen;
using System.Text.Json;
using CsvHelper;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Products;

namespace EcoLabelRegistry.Checks.Lists;

/// <summary>What a column of a table says of its row.</summary>
internal enum Column
{
    /// <summary>A GTIN.</summary>
    Gtin,

    /// <summary>Code or alias of a scheme.</summary>
    Scheme,

    /// <summary>Number of a certificate.</summary>
    Certificate,

    /// <summary>Brand.</summary>
    Brand,

    /// <summary>Model.</summary>
    Model,

    /// <summary>Category.</summary>
    Category,

    /// <summary>Territory.</summary>
    Territory,

    /// <summary>Who is asked.</summary>
    RecognisedBy,

    /// <summary>The client's own number of the row.</summary>
    Id,

    /// <summary>How many; kept, and of no effect.</summary>
    Quantity,

    /// <summary>How much money; kept, and of no effect.</summary>
    Spend,

    /// <summary>The date asked about.</summary>
    AsOf,

    /// <summary>Weakest level accepted.</summary>
    MinLevel,
}

/// <summary>The header of a table: its texts as given, and what each column is. Names are matched as people write them, in English and Chinese.</summary>
internal sealed class TableColumns
{
    private static readonly FrozenDictionary<string, Column> Known = new (Column Column, IReadOnlyList<string> Names)[]
    {
        (Column.Gtin, ColumnNames.Gtin),
        (Column.Scheme, ColumnNames.Scheme),
        (Column.Certificate, ColumnNames.Certificate),
        (Column.Brand, ColumnNames.Brand),
        (Column.Model, ColumnNames.Model),
        (Column.Category, ColumnNames.Category),
        (Column.Territory, ["territory"]),
        (Column.RecognisedBy, ["recognisedby", "认可方"]),
        (Column.Id, ["id", "no", "编号", "序号"]),
        (Column.Quantity, ["quantity", "数量"]),
        (Column.Spend, ["spend", "金额"]),
        (Column.AsOf, ["asof"]),
        (Column.MinLevel, ["minlevel"]),
    }.SelectMany(column => column.Names.Select(name => (Name: name, column.Column))).ToFrozenDictionary(name => name.Name, name => name.Column, StringComparer.Ordinal);

    private readonly int[][] _places;

    private TableColumns(IReadOnlyList<string> names, byte separator, IReadOnlyList<Column?>? asked)
    {
        (Names, Separator) = (names, separator);
        Meanings = asked is null ? [.. names.Select(Meaning)] : [.. names.Select((_, i) => i < asked.Count ? asked[i] : null)];
        var columns = Meanings;
        _places = [.. Enum.GetValues<Column>().Select(c => columns.Index().Where(i => i.Item == c).Select(i => i.Index).ToArray())];
    }

    /// <summary>The header's cells as given.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>What each column is; null for one that says nothing of what is asked.</summary>
    public IReadOnlyList<Column?> Meanings { get; }

    /// <summary>What separates the cells.</summary>
    public byte Separator { get; }

    /// <summary>The header of a text: its separator is the one that makes the most known columns, and of equal ones the most columns.</summary>
    /// <param name="row">The header.</param>
    /// <param name="asked">What the columns are, whatever they are called; null to go by their names.</param>
    public static TableColumns Read(ReadOnlyMemory<byte> row, IReadOnlyList<Column?>? asked = null)
    {
        var named = new byte[] { (byte)',', (byte)';', (byte)'\t' }
            .Select(separator => new TableColumns(Cells(row, separator), separator, null))
            .OrderByDescending(columns => columns._places.Count(p => p.Length > 0))
            .ThenByDescending(columns => columns.Names.Count)
            .First();
        return asked is null ? named : new(named.Names, named.Separator, asked);
    }

    /// <summary>The header of a sheet.</summary>
    /// <param name="names">Its texts.</param>
    /// <param name="asked">What the columns are, whatever they are called; null to go by their names.</param>
    public static TableColumns Of(IReadOnlyList<string> names, IReadOnlyList<Column?>? asked = null) => new(names, (byte)',', asked);

    /// <summary>What a caller says that the columns are, one after the other: <c>gtin,,brand</c>. An empty place is a column that says nothing of what is asked.</summary>
    /// <exception cref="RefusalException">A name is none of those known.</exception>
    public static IReadOnlyList<Column?>? Asked(string? text)
    {
        if (text is null)
        {
            return null;
        }

        var names = text.Split(',', StringSplitOptions.TrimEntries);
        var columns = new Column?[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i].Length > 0 && (columns[i] = Meaning(names[i])) is null)
            {
                throw Refusal.Invalid("columns", new Message("fault.unknown-table-column", names[i], string.Join(", ", Enum.GetValues<Column>().Select(NameOf))));
            }
        }

        return columns;
    }

    /// <summary>The name by which a caller says what a column is.</summary>
    public static string NameOf(Column column) => JsonNamingPolicy.CamelCase.ConvertName(column.ToString());

    /// <summary>Refuses a table that cannot be asked about at all.</summary>
    /// <exception cref="RefusalException">No column selects anything, nobody is asked, or there are too many columns.</exception>
    public void Demand(CheckMany.Defaults defaults, int mostColumns, IReadOnlyList<Column?>? asked = null)
    {
        if (asked?.Count > Names.Count)
        {
            throw Refusal.Invalid("columns", new Message("fault.more-columns-than-header", asked.Count, Names.Count));
        }

        if (Names.Count > mostColumns)
        {
            throw Refusal.Invalid("header", new Message("fault.too-many-table-columns", Names.Count, mostColumns));
        }

        if (!(Has(Column.Gtin) || (Has(Column.Brand) && Has(Column.Model)) || (Has(Column.Certificate) && (Has(Column.Scheme) || defaults.Scheme is not null))))
        {
            throw Refusal.Invalid("header", new Message("fault.no-selecting-column", string.Join(", ", Names)));
        }

        if (!Has(Column.RecognisedBy) && defaults.RecognisedBy is null)
        {
            throw Refusal.Invalid("recognisedBy", new Message("fault.required"));
        }
    }

    /// <summary>Where the column stands: first, and any further column of the same meaning.</summary>
    public ReadOnlySpan<int> PlacesOf(Column column) => _places[(int)column];

    /// <summary>The texts of a row of CSV.</summary>
    internal static List<string> Cells(ReadOnlyMemory<byte> row, byte separator)
    {
        using var reader = CsvReader.Create(row, Options(separator));
        var cells = new List<string>();
        if (reader.Read())
        {
            for (var i = 0; i < reader.FieldCount; i++)
            {
                cells.Add(reader.GetString(i));
            }
        }

        return cells;
    }

    /// <summary>How CsvHelper reads rows that are cut out already.</summary>
    internal static CsvReaderOptions Options(byte separator) => new() { HasHeader = false, Separator = (char)separator, SkipEmptyLines = false };

    /// <summary>What a column of this name is; null when it is none of those known.</summary>
    internal static Column? Meaning(string name) => Known.TryGetValue(ProductIdentity.FindKey(name), out var column) ? column : null;

    private bool Has(Column column) => _places[(int)column].Length > 0;
}
