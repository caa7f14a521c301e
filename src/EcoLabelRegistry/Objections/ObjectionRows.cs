using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Objections;

/// <summary>Writes and reads objections: every version stays, as of every record.</summary>
internal static class ObjectionRows
{
    /// <summary>What an answer shows of an objection at a revision.</summary>
    public const string Counts = "recorded_from <= @Revision and (recorded_until is null or recorded_until > @Revision)";

    private const string Current = "select recorded_from as Revision, filed, data from objection where id = @Id and recorded_until is null";

    private const string ById = $"select recorded_from as Revision, filed, data from objection where id = @Id and {Counts}";

    private const string Beside = $"""
        select recorded_from as Revision, filed, data from objection
        where about = @About and {Counts}
        order by case when answered_at is null then 0 else 1 end, filed
        limit @Most
        """;

    private const string CountBeside = $"select count(*) from objection where about = @About and {Counts}";

    private const string Close = "update objection set recorded_until = @Revision where id = @Id and recorded_until is null";

    private const string Insert = """
        insert into objection (id, recorded_from, filed, about, answered_at, data)
        values (@Id, @Revision, @Filed, @About, @AnsweredAt, @Data)
        """;

    /// <summary>The address of an objection.</summary>
    public static string AddressOf(string id) => "/v1/objections/" + id;

    /// <summary>Writes a version.</summary>
    /// <param name="write">The write.</param>
    /// <param name="entry">All of it.</param>
    /// <param name="filed">The revision that wrote the first version.</param>
    public static async Task PutAsync(Write write, ObjectionEntry entry, long filed)
    {
        await write.ExecuteAsync(Close, new { entry.Id, write.Revision });
        await write.ExecuteAsync(Insert, new { entry.Id, write.Revision, Filed = filed, entry.About, AnsweredAt = entry.Answer?.At, Data = RecordJson.Text(entry) });
    }

    /// <summary>The objection as it stands; null when there is none.</summary>
    public static Task<ObjectionRow?> FindAsync(IRegistryView view, string id) =>
        view.Db.QuerySingleOrDefaultAsync<ObjectionRow>(Current, new { Id = id }, view.Transaction);

    /// <summary>The objection at the revision of a reading; null when there is none.</summary>
    public static Task<ObjectionRow?> ObjectionAsync(this Reading reading, string id) =>
        reading.Db.QuerySingleOrDefaultAsync<ObjectionRow>(ById, new { Id = id, reading.Revision }, reading.Transaction);

    /// <summary>The objections that are shown beside a record: those without an answer first, then by age, and no more than are read.</summary>
    public static async Task<ObjectionsBeside> ObjectionsAsync(this Reading reading, string about)
    {
        var parameters = new { About = about, reading.Revision, ObjectionsBeside.Most };
        var rows = (await reading.Db.QueryAsync<ObjectionRow>(Beside, parameters, reading.Transaction)).AsList();
        return new(
            [.. rows.Select(r => ObjectionBeside.Of(r.Entry))],
            rows.Count < ObjectionsBeside.Most ? rows.Count : await reading.Db.ExecuteScalarAsync<long>(CountBeside, parameters, reading.Transaction));
    }
}

/// <summary>A version of an objection, as stored.</summary>
/// <param name="Revision">The revision that wrote it.</param>
/// <param name="Filed">The revision that wrote the first version.</param>
/// <param name="Data">The document.</param>
internal sealed record ObjectionRow(long Revision, long Filed, string Data)
{
    /// <summary>The objection.</summary>
    public ObjectionEntry Entry { get; } = RecordJson.Read<ObjectionEntry>(Data);
}

/// <summary>What is shown beside a record of the objections to it.</summary>
/// <param name="Items">The first of them.</param>
/// <param name="Count">How many there are.</param>
internal sealed record ObjectionsBeside(IReadOnlyList<ObjectionBeside> Items, long Count)
{
    /// <summary>Most that are shown beside a record; all are listed by <c>/v1/objections?about=</c>.</summary>
    public const int Most = 20;
}

/// <summary>An objection to the record beside which it stands.</summary>
/// <param name="Id">By which it is read at <c>/v1/objections/{id}</c>.</param>
/// <param name="Text">The objection; null once it was removed by law.</param>
/// <param name="At">When it was filed.</param>
/// <param name="Actor">Who filed it, as the log names him: <c>anyone</c> without a key.</param>
/// <param name="Answer">The answer; null while there is none.</param>
public sealed record ObjectionBeside(string Id, string? Text, string At, string Actor, ObjectionAnswer? Answer)
{
    internal static ObjectionBeside Of(ObjectionEntry entry) => new(entry.Id!, entry.Text, entry.At!, entry.Actor!, entry.Answer);
}
