using System.Globalization;
using Dapper;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Snapshot;

namespace EcoLabelRegistry.Matches;

/// <summary>Chooses what to look at closely where certificates are not in memory: the same, by reading what everything is called from end to end.</summary>
internal static class NearTextsInDatabase
{
    // What stands behind the scheme in the id of a certificate: a hyphen and 80 bits.
    private const int HashLength = 20;

    private const string AllLines = """
        select l.certificate as Id, l.line, l.find_product as Text
        from product_line l
        where l.recorded_from <= @Revision and (l.recorded_until is null or l.recorded_until > @Revision)
        """;

    private const string AllNumbers = """
        select c.id, c.find_number as Text
        from certificate c
        where c.find_number is not null and c.recorded_from <= @Revision and (c.recorded_until is null or c.recorded_until > @Revision)
        """;

    private const string AllOtherNumbers = """
        select c.certificate as Id, c.find_number as Text
        from certificate_number c
        where c.recorded_from <= @Revision and (c.recorded_until is null or c.recorded_until > @Revision)
        """;

    private const string AllHolders = """
        select c.id, c.find_holder as Text
        from certificate c
        where c.find_holder is not null and c.recorded_from <= @Revision and (c.recorded_until is null or c.recorded_until > @Revision)
        """;

    /// <summary>Chooses, at the revision of a reading.</summary>
    public static async ValueTask<NearTexts> NearAsync(this Reading reading, AskedText asked, SearchScope scope)
    {
        var lines = new Shortlist<(string Id, int Place)>(NearTexts.MostLines);
        var (numbers, named, holders) = (new Shortlist<string>(NearTexts.MostNumbers), new Shortlist<string>(NearTexts.MostNamed), new Shortlist<string>(NearTexts.MostHolders));
        var (wide, narrow, ofNamed) = (NearTexts.Floor(asked.Pairs.Level), NearTexts.Floor(asked.Pairs.NarrowLevel), NearTexts.FloorNamed(asked.Pairs.NarrowLevel));
        await foreach (var row in ReadAsync<LineText>(AllLines, CategoryOfLine(scope)))
        {
            var signature = Signature.Of(row.Text);
            Add(lines, wide, asked.Pairs.LevelOf(signature), signature.Order, row.Id, (int)row.Line, (row.Id, (int)row.Line - 1));
        }

        foreach (var (sql, id) in new[] { (AllNumbers, "c.id"), (AllOtherNumbers, "c.certificate") })
        {
            await foreach (var row in ReadAsync<CertificateText>(sql, CategoryOfAnyLine(scope, id)))
            {
                var signature = Signature.Of(row.Text).Narrow;
                Add(numbers, narrow, asked.Pairs.LevelOf(signature), Signature.OrderOf(signature), row.Id, 0, row.Id);
                if (asked.Schemes.Contains(SchemeOf(row.Id).ToString()))
                {
                    Add(named, ofNamed, asked.Pairs.LevelOf(signature), Signature.OrderOf(signature), row.Id, 0, row.Id);
                }
            }
        }

        await foreach (var row in ReadAsync<CertificateText>(AllHolders, CategoryOfAnyLine(scope, "c.id")))
        {
            var signature = Signature.Of(row.Text);
            Add(holders, wide, asked.Pairs.LevelOf(signature), signature.Order, row.Id, 0, row.Id);
        }

        var read = new Dictionary<string, RecordedCertificate>(StringComparer.Ordinal);
        var near = new List<(RecordedCertificate, int)>();
        foreach (var (id, place) in lines.Take())
        {
            near.Add((await CertificateAsync(id), place));
        }

        var certificates = new List<RecordedCertificate>();
        foreach (var id in numbers.Take().Concat(named.Take()).Concat(holders.Take()).Distinct(StringComparer.Ordinal))
        {
            certificates.Add(await CertificateAsync(id));
        }

        return new NearTexts(near, certificates, NearTexts.CutsWhole(asked, lines, numbers, holders));

        IAsyncEnumerable<T> ReadAsync<T>(string sql, string condition)
        {
            var parameters = new DynamicParameters(new { reading.Revision });
            foreach (var (i, category) in (scope.Categories ?? Enumerable.Empty<string>()).Index())
            {
                parameters.Add(Parameter(i), category);
            }

            return reading.Db.QueryUnbufferedAsync<T>(sql + condition, parameters, reading.Transaction);
        }

        void Add<T>(Shortlist<T> list, int floor, int level, ulong order, string id, int line, T item)
        {
            if (level >= floor && (scope.Scheme is null || SchemeOf(id).SequenceEqual(scope.Scheme)))
            {
                list.Add(level, order, HashOf(id), line, item);
            }
        }

        async ValueTask<RecordedCertificate> CertificateAsync(string id) =>
            read.TryGetValue(id, out var known) ? known : read[id] = (await reading.ByIdAsync(id))!;
    }

    private static string CategoryOfLine(SearchScope scope) => scope.Categories is null ? "" : $"\nand l.category in ({Parameters(scope)})";

    private static string CategoryOfAnyLine(SearchScope scope, string id) => scope.Categories is null ? "" : $"""

        and exists (
            select 1 from product_line l
            where l.certificate = {id} and l.category in ({Parameters(scope)}) and l.recorded_from <= @Revision and (l.recorded_until is null or l.recorded_until > @Revision))
        """;

    // A list as one parameter is not portable.
    private static string Parameters(SearchScope scope) => string.Join(", ", Enumerable.Range(0, scope.Categories!.Count).Select(i => "@" + Parameter(i)));

    private static string Parameter(int i) => "Category" + i.ToString(CultureInfo.InvariantCulture);

    private static ReadOnlySpan<char> SchemeOf(string id) => id.AsSpan(0, id.Length - HashLength - 1);

    private static ulong HashOf(string id) => ulong.Parse(id.AsSpan(id.Length - HashLength, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private sealed record LineText(string Id, long Line, string Text);

    private sealed record CertificateText(string Id, string Text);
}
