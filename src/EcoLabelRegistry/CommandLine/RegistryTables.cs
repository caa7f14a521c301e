using System.Collections.Frozen;
using System.Data.Common;
using Dapper;
using EcoLabelRegistry.Database;

namespace EcoLabelRegistry.CommandLine;

/// <summary>Each table of the schema: moved with a registry, or left behind and why. A test fails for a table that is in neither list, or in both.</summary>
internal static class RegistryTables
{
    /// <summary>What an export holds, in the order in which an import fills them: what is named before what names it.</summary>
    public static readonly IReadOnlyList<MovedTable> Moved =
    [
        new("registry", "only_row", FromTheStart: true),
        new("change", "revision"),
        new("change_item", "revision, place"),
        new("record", "kind, code, recorded_from"),
        new("certificate", "id, recorded_from"),
        new("certificate_number", "find_number, certificate, recorded_from"),
        new("product_line", "certificate, line, recorded_from"),
        new("product_gtin", "gtin, certificate, line, recorded_from"),
        new("objection", "id, recorded_from"),
        new("api_key", "id", FromTheStart: true), // hashes alone, so that keys go on working
    ];

    /// <summary>What stays where it is.</summary>
    public static readonly FrozenDictionary<string, string> Left = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["schema_migration"] = "Each database keeps the journal of its own migrations; their texts differ by engine.",
        ["register_import"] = "How far imports are or came on the server that ran them; what they wrote is in the log.",
        ["import_report"] = "What was wrong with rows of those imports.",
        ["subscription"] = "Holds secrets that sign deliveries; subscribers subscribe anew where the registry has moved to.",
        ["delivery"] = "What is on its way to the subscribers of the server that is left.",
        ["session_key"] = "Encrypts the sessions of people on the pages of the servers that are left; whoever is signed in signs in again.",
        ["idempotent_answer"] = "Kept for 24 hours for whoever repeats a request to the server that answered it; may repeat what was told to one caller alone.",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The moved tables that a database has; one of an earlier version may lack some.</summary>
    public static async Task<IReadOnlyList<MovedTable>> InAsync(DbConnection db, DbTransaction tx, Engine engine)
    {
        var there = await Migrations.TablesAsync(db, tx, engine);
        return [.. Moved.Where(table => there.Contains(table.Name))];
    }

    /// <summary>The first table that makes a registry one that is not empty; null for one in which nothing was written but what a first start writes.</summary>
    public static async Task<string?> FirstFilledAsync(DbConnection db, DbTransaction tx, Engine engine)
    {
        foreach (var table in (await InAsync(db, tx, engine)).Where(t => !t.FromTheStart))
        {
            if (await db.ExecuteScalarAsync<long>($"select count(*) from (select 1 from {table.Name} limit 1) as found", transaction: tx) > 0)
            {
                return table.Name;
            }
        }

        return null;
    }
}

/// <summary>A table that is moved.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Key">Its primary key: the order of its rows in an export, the same on both engines.</param>
/// <param name="FromTheStart">True when a registry in which nothing was written may have rows in it: its one row of <c>registry</c>, the registrar's key.</param>
internal sealed record MovedTable(string Name, string Key, bool FromTheStart = false)
{
    /// <summary>Its file in an export.</summary>
    public string File => Name + ".ndjson";

    /// <summary>Its columns, in the order of the schema.</summary>
    public async Task<IReadOnlyList<Column>> ColumnsAsync(DbConnection db, DbTransaction tx)
    {
        await using var reader = await db.ExecuteReaderAsync($"select * from {Name} where false", transaction: tx);
        return [.. Enumerable.Range(0, reader.FieldCount).Select(i => new Column(reader.GetName(i), TypeOf(reader.GetDataTypeName(i))))];
    }

    private ColumnType TypeOf(string declared) => declared.ToLowerInvariant() switch
    {
        "bigint" => ColumnType.Integer,
        "boolean" => ColumnType.Boolean,
        "text" or "ordinal_text" => ColumnType.Text,
        var other => throw new NotSupportedException($"A column of {Name} has the type {other}, which an export cannot carry yet."),
    };
}

/// <summary>A column of a moved table.</summary>
/// <param name="Name">Its name, which is its member in an exported row.</param>
/// <param name="Type">What its values are, beside null.</param>
internal sealed record Column(string Name, ColumnType Type);

/// <summary>What the values of a column are.</summary>
internal enum ColumnType
{
    /// <summary>A JSON string.</summary>
    Text,

    /// <summary>A JSON number without fraction, of 64 bits.</summary>
    Integer,

    /// <summary>A JSON boolean.</summary>
    Boolean,
}
