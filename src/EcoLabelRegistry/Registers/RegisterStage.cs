using System.Text.Json;
using Dapper;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using Microsoft.Data.Sqlite;

namespace EcoLabelRegistry.Registers;

/// <summary>Where a register waits until it is whole, checked and ready to be written: outside the registry, outside its locks, and outside memory.</summary>
/// <remarks>
/// A temporary database of SQLite without a name, whichever engine the registry is on. It lies where <c>SQLITE_TMPDIR</c> says (else <c>/var/tmp</c>),
/// belongs to this process alone, and is gone with it: a crash leaves nothing to clear away.
/// </remarks>
internal sealed class RegisterStage : IDisposable
{
    private const string Tables = """
        pragma journal_mode = off;
        pragma synchronous = off;
        pragma locking_mode = exclusive;
        pragma cache_size = -16000;
        begin;
        create table row (line integer primary key, id text not null, data blob not null);
        create table refused (line integer primary key, code text not null, message text not null, errors text not null);
        create table item (line integer primary key, data text not null, salts text not null, digest text not null);
        create table certificate (id text not null, find_number text, find_holder text, data text not null);
        create table certificate_number (find_number text not null, certificate text not null);
        create table product_line (
            certificate text not null, line integer not null, product text not null, find_product text not null, brand text not null, model text not null, category text);
        create table product_gtin (gtin text not null, certificate text not null, line integer not null, product text);
        create table ended (kind text not null, certificate text not null, key text not null, line integer not null);
        """;

    private const string EmptyPlan = """
        delete from refused where line in (select line from row);
        delete from item; delete from certificate; delete from certificate_number; delete from product_line; delete from product_gtin; delete from ended
        """;

    private static readonly string[] Refused = ["line", "code", "message", "errors"];

    private readonly SqliteConnection _db = new("Data Source=;Pooling=False");
    private readonly Dictionary<string, PreparedInsert> _inserts = new(StringComparer.Ordinal);

    /// <summary>Makes an empty stage.</summary>
    public RegisterStage()
    {
        _db.Open();
        _db.Execute(Tables); // its one transaction is never ended: nobody else reads, and nothing is kept
    }

    /// <summary>Lines that were refused and do not tell which certificate they are of.</summary>
    public long Unidentified { get; set; }

    /// <summary>Adds a row to one of its tables.</summary>
    public void Add(string table, IReadOnlyList<string> columns, params ReadOnlySpan<object?> values)
    {
        if (!_inserts.TryGetValue(table, out var insert))
        {
            _inserts[table] = insert = new PreparedInsert(_db, table, columns);
        }

        insert.Add(values);
    }

    /// <summary>Notes that a line was refused, in the language of the request.</summary>
    public void Refuse(long line, RefusalException refusal)
    {
        var problem = ProblemDocument.Of(refusal, Language.Current, null);
        Add("refused", Refused, line, Code.Of(problem.Code), problem.Detail, JsonSerializer.Serialize(problem.Errors, Json.Options));
    }

    /// <summary>The first lines that were refused.</summary>
    public IReadOnlyList<RejectedRow> FirstRefused(int most) =>
        [.. Read($"select line, code, message, errors from refused order by line limit {most}").Select(row => new RejectedRow(
            (long)row[0]!,
            Code.TryParse<ProblemCode>((string)row[1]!, out var code) ? code : ProblemCode.Invalid,
            (string)row[2]!,
            JsonSerializer.Deserialize<Dictionary<string, IReadOnlyList<string>>>((string)row[3]!, Json.Options)))];

    /// <summary>The row that a line became; null for a line that became none.</summary>
    public byte[]? RowOf(long line) => _db.QuerySingleOrDefault<byte[]?>("select data from row where line = @line", new { line });

    /// <summary>How many lines were refused.</summary>
    public long CountRefused() => Count("select count(*) from refused");

    /// <summary>The code of what stops a client soonest; null when nothing was refused.</summary>
    public ProblemCode? Gravest() => Read("select distinct code from refused")
        .Select(row => Code.TryParse<ProblemCode>((string)row[0]!, out var code) ? code : (ProblemCode?)null).Min();

    /// <summary>One whole number.</summary>
    public long Count(string sql) => _db.ExecuteScalar<long>(sql);

    /// <summary>Says that every row is here: they can be read by certificate from now on.</summary>
    public void Complete() => _db.Execute("create index row_by_id on row (id, line)");

    /// <summary>Forgets what was made of the rows, and keeps the rows.</summary>
    public void ForgetPlan() => _db.Execute(EmptyPlan);

    /// <summary>Rows of a query, one at a time; the array is used again for each.</summary>
    public IEnumerable<object?[]> Read(string sql)
    {
        using var command = _db.CreateCommand();
#pragma warning disable CA2100 // constants of this program
        command.CommandText = sql;
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        var row = new object?[reader.FieldCount];
        while (reader.Read())
        {
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsDBNull(i) ? null : reader.GetValue(i);
            }

            yield return row;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var insert in _inserts.Values)
        {
            insert.Dispose();
        }

        _db.Dispose();
    }
}
