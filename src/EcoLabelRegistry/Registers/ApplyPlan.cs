using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Database;

namespace EcoLabelRegistry.Registers;

/// <summary>Writes what a plan holds, table by table, from the stage into the registry: the one short transaction of an import.</summary>
internal static class ApplyPlan
{
    private const string MakeEnding = "create temporary table ending (certificate ordinal_text, key ordinal_text, line bigint)";

    private const string DropEnding = "drop table ending";

    private static readonly string[] EndingColumns = ["certificate", "key", "line"];

    // The kind, and how rows of it end.
    private static readonly (string Kind, string End)[] Endings =
    [
        ("certificate", """
            update certificate set recorded_until = @Revision
            where recorded_until is null and id in (select certificate from ending)
            """),
        ("certificate_number", """
            update certificate_number set recorded_until = @Revision
            where recorded_until is null and (find_number, certificate) in (select key, certificate from ending)
            """),
        ("product_line", """
            update product_line set recorded_until = @Revision
            where recorded_until is null and (certificate, line) in (select certificate, line from ending)
            """),
        ("product_gtin", """
            update product_gtin set recorded_until = @Revision
            where recorded_until is null and (gtin, certificate, line) in (select key, certificate, line from ending)
            """),
    ];

    /// <summary>Ends the rows that are no more, and adds those that come.</summary>
    /// <returns>The digest of the rows in the log.</returns>
    public static async Task<string> RunAsync(Write write, RegisterStage stage, string scheme, CancellationToken cancel)
    {
        await write.Db.ExpectManyRowsAsync(write.Transaction);
        foreach (var (kind, end) in Endings.Where(e => stage.Count($"select count(*) from ended where kind = '{e.Kind}'") > 0))
        {
            await write.ExecuteAsync(MakeEnding, new { });
            await write.AddAsync("ending", EndingColumns, stage.Read($"select certificate, key, line from ended where kind = '{kind}'"), cancel);
            await write.ExecuteAsync(end, new { write.Revision });
            await write.ExecuteAsync(DropEnding, new { });
        }

        // Each in the order of the index that has most to gain.
        var revision = (object)write.Revision;
        await write.AddAsync(
            "certificate",
            ["id", "recorded_from", "scheme", "find_number", "find_holder", "data"],
            stage.Read("select id, find_number, find_holder, data from certificate").Select(r => new[] { r[0], revision, scheme, r[1], r[2], r[3] }),
            cancel);
        await write.AddAsync(
            "certificate_number",
            ["find_number", "certificate", "recorded_from"],
            stage.Read("select find_number, certificate from certificate_number order by find_number, certificate").Select(r => new[] { r[0], r[1], revision }),
            cancel);
        await write.AddAsync(
            "product_line",
            ["certificate", "line", "recorded_from", "product", "find_product", "brand", "model", "category"],
            stage.Read("select certificate, line, product, find_product, brand, model, category from product_line")
                .Select(r => new[] { r[0], r[1], revision, r[2], r[3], r[4], r[5], r[6] }),
            cancel);
        await write.AddAsync(
            "product_gtin",
            ["gtin", "certificate", "line", "recorded_from", "product"],
            stage.Read("select gtin, certificate, line, product from product_gtin order by gtin").Select(r => new[] { r[0], r[1], r[2], revision, r[3] }),
            cancel);

        using var digest = new ItemsDigest();
        long place = 0;
        await write.AddAsync(
            "change_item",
            ["revision", "place", "data", "salts", "digest"],
            stage.Read("select data, salts, digest from item order by line").Select(r =>
            {
                digest.Add((string)r[2]!);
                return new[] { revision, ++place, r[0], r[1], r[2] };
            }),
            cancel);
        await write.Db.ForgetManyRowsAsync(write.Transaction);
        return digest.Close();
    }
}
