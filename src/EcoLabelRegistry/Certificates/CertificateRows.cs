using System.Data.Common;
using Dapper;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Recognition;

namespace EcoLabelRegistry.Certificates;

/// <summary>A certificate and the revision that last wrote it.</summary>
/// <remarks>Of the document and the model that decisions are made on, one is given, and the other made of it when it is first asked for.</remarks>
public sealed class RecordedCertificate
{
    private readonly Func<int, Certificate, CertificateEntry>? _read;
    private readonly int _row;
    private CertificateEntry? _entry;
    private Certificate? _model;
    private ILookup<string, int>? _places; // a certificate may have thousands of lines

    /// <param name="entry">The document.</param>
    /// <param name="revision">The revision that last wrote it.</param>
    public RecordedCertificate(CertificateEntry entry, long revision) => (_entry, Revision) = (entry, revision);

    /// <param name="model">What a decision needs of it.</param>
    /// <param name="revision">The revision that last wrote it.</param>
    /// <param name="read">Reads what an answer shows of the document: most answers of a list show nothing of it.</param>
    /// <param name="row">The row that it is read from.</param>
    internal RecordedCertificate(Certificate model, long revision, Func<int, Certificate, CertificateEntry> read, int row) =>
        (_model, Revision, _read, _row) = (model, revision, read, row);

    /// <summary>The document; from memory, what an answer shows of it.</summary>
    public CertificateEntry Entry => _entry ??= _read!(_row, _model!);

    /// <summary>What a decision needs of it, its lines in the same places.</summary>
    public Certificate Model => _model ??= _entry!.ToModel();

    /// <summary>The revision that last wrote it.</summary>
    public long Revision { get; }

    /// <summary>The lines that name a product, as recorded.</summary>
    public IReadOnlyList<ProductLineEntry> LinesOf(string product) => Of(product, Entry.Products!);

    /// <summary>The lines of the model that name a product.</summary>
    public IReadOnlyList<ProductLine> ModelLinesOf(string product) => Of(product, Model.Lines);

    private IReadOnlyList<TLine> Of<TLine>(string product, IReadOnlyList<TLine> all) =>
        Model.Lines is [{ } only] ? only.Product == product ? all : []
        : [.. (_places ??= Model.Lines.Index().Where(l => l.Item.Product is not null).ToLookup(l => l.Item.Product!, l => l.Index, StringComparer.Ordinal))[product].Select(i => all[i])];
}

/// <summary>A version of a certificate, as stored.</summary>
/// <param name="Revision">The revision that wrote it.</param>
/// <param name="Data">The document.</param>
internal sealed record CertificateRow(long Revision, string Data)
{
    /// <summary>The certificate.</summary>
    public RecordedCertificate Read() => new(Entry(), Revision);

    /// <summary>The document.</summary>
    public CertificateEntry Entry() => RecordJson.Read<CertificateEntry>(Data);
}

/// <summary>Writes the rows of a certificate: a new version of what changed, and the end of the version before.</summary>
public static class CertificateRows
{
    private const string ReadCurrent = "select recorded_from as Revision, data from certificate where id = @Id and recorded_until is null";

    private const string CloseCertificate = "update certificate set recorded_until = @Revision where id = @Id and recorded_until is null";

    private const string InsertCertificate = """
        insert into certificate (id, recorded_from, scheme, find_number, find_holder, data)
        values (@Id, @Revision, @Scheme, @FindNumber, @FindHolder, @Data)
        """;

    private const string CloseNumber = """
        update certificate_number set recorded_until = @Revision
        where find_number = @FindNumber and certificate = @Id and recorded_until is null
        """;

    private const string InsertNumber = """
        insert into certificate_number (find_number, certificate, recorded_from)
        values (@FindNumber, @Id, @Revision)
        """;

    private const string CloseLine = """
        update product_line set recorded_until = @Revision
        where certificate = @Id and line = @Line and recorded_until is null
        """;

    private const string InsertLine = """
        insert into product_line (certificate, line, recorded_from, product, find_product, brand, model, category)
        values (@Id, @Line, @Revision, @Product, @FindProduct, @Brand, @Model, @Category)
        """;

    private const string CloseGtin = """
        update product_gtin set recorded_until = @Revision
        where gtin = @Gtin and certificate = @Id and line = @Line and recorded_until is null
        """;

    private const string InsertGtin = """
        insert into product_gtin (gtin, certificate, line, recorded_from, product)
        values (@Gtin, @Id, @Line, @Revision, @Product)
        """;

    /// <summary>The certificate as it stands in the write's transaction; null when there is none.</summary>
    public static async Task<RecordedCertificate?> FindAsync(DbConnection db, DbTransaction transaction, string id)
    {
        var row = await db.QuerySingleOrDefaultAsync<CertificateRow>(ReadCurrent, new { Id = id }, transaction);
        return row?.Read();
    }

    /// <summary>Writes a new version of a certificate.</summary>
    public static async Task PutAsync(Write write, CertificateEntry? before, CertificateEntry after)
    {
        var id = after.Id!;
        if (before is not null)
        {
            await write.ExecuteAsync(CloseCertificate, new { Id = id, write.Revision });
        }

        await write.ExecuteAsync(InsertCertificate, new
        {
            Id = id,
            write.Revision,
            after.Scheme,
            FindNumber = after.Number is null ? null : ProductIdentity.FindKey(after.Number),
            FindHolder = after.Holder is null ? null : ProductIdentity.FindKey(after.Holder),
            Data = RecordJson.Text(after),
        });

        await ReplaceAsync(write, Numbers(before), Numbers(after), CloseNumber, InsertNumber, key => new { FindNumber = key, Id = id, write.Revision });
        await ReplaceAsync(write, Lines(before), Lines(after), CloseLine, InsertLine, line => new
        {
            Id = id,
            line.Line,
            write.Revision,
            line.Product,
            FindProduct = ProductIdentity.FindKey(line.Brand, line.Model),
            line.Brand,
            line.Model,
            line.Category,
        });
        await ReplaceAsync(write, Gtins(before), Gtins(after), CloseGtin, InsertGtin, gtin => new
        {
            Id = id,
            gtin.Gtin,
            gtin.Line,
            write.Revision,
            gtin.Product,
        });
    }

    private static async Task ReplaceAsync<T>(Write write, HashSet<T> before, HashSet<T> after, string close, string insert, Func<T, object> row)
    {
        foreach (var gone in before.Where(b => !after.Contains(b)))
        {
            await write.ExecuteAsync(close, row(gone));
        }

        foreach (var come in after.Where(a => !before.Contains(a)))
        {
            await write.ExecuteAsync(insert, row(come));
        }
    }

    /// <summary>The further numbers of a certificate, as they are found.</summary>
    internal static HashSet<string> Numbers(CertificateEntry? entry) =>
        [.. (entry?.OtherNumbers ?? []).Select(ProductIdentity.FindKey)];

    /// <summary>The rows of its lines that name a product.</summary>
    internal static HashSet<LineRow> Lines(CertificateEntry? entry) =>
        [.. (entry?.Products ?? []).Select((p, i) => (p, i)).Where(l => l.p.Product is not null)
            .Select(l => new LineRow(l.i + 1, l.p.Product!, l.p.Brand!, l.p.Model!, l.p.Category))];

    /// <summary>The rows of its GTINs.</summary>
    internal static HashSet<GtinRow> Gtins(CertificateEntry? entry) =>
        [.. (entry?.Products ?? []).SelectMany((p, i) => (p.Gtins ?? []).Select(g => new GtinRow(g.PadLeft(14, '0'), i + 1, p.Product)))];

    /// <summary>A line that names a product.</summary>
    internal sealed record LineRow(long Line, string Product, string Brand, string Model, string? Category);

    /// <summary>A GTIN of a line, as 14 digits.</summary>
    internal sealed record GtinRow(string Gtin, long Line, string? Product);
}
