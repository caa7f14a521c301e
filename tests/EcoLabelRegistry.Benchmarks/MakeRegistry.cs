using System.Data.Common;
using System.Globalization;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.LabelBodies;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Schemes;
using EcoLabelRegistry.Standards;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EcoLabelRegistry.Benchmarks;

/// <summary>How large a registry is.</summary>
/// <param name="Certificates">Certificates, each of one product with one GTIN.</param>
/// <param name="Schemes">Schemes, each with one standard.</param>
/// <param name="Grants">Grants: each scheme is accepted by <c>Grants / Schemes</c> others.</param>
internal sealed record RegistrySize(int Certificates, int Schemes, int Grants)
{
    /// <summary>The registry that the goals are set for.</summary>
    public static RegistrySize Large { get; } = new(1_000_000, 500, 5_000);

    /// <summary>One that is written: the certificates of others make no difference to that which is worth measuring.</summary>
    public static RegistrySize Small { get; } = new(1_000, 50, 500);
}

/// <summary>Makes a registry from a fixed seed: records through the service's own requests, certificates by the million straight into their tables.</summary>
internal static class MakeRegistry
{
    private const int Seed = 20_261_125;
    private const int Categories = 40;
    private const int Holders = 50_000;
    private const int Brands = 5_000;

    private static readonly Level[] Levels = [Level.FullProduct, Level.FullProduct, Level.CommonCriteria, Level.Evidence, Level.TestData];

    /// <summary>The GTIN of a certificate's product.</summary>
    public static string Gtin(int certificate)
    {
        var twelve = string.Create(CultureInfo.InvariantCulture, $"21{certificate:0000000000}");
        return twelve + Recognition.Gtin.CheckDigit("0" + twelve);
    }

    /// <summary>Id of a certificate.</summary>
    public static string CertificateId(int certificate, RegistrySize size) => ProductIdentity.CertificateId(Scheme(certificate % size.Schemes), Number(certificate), null);

    /// <summary>Code of a scheme.</summary>
    public static string Scheme(int scheme) => string.Create(CultureInfo.InvariantCulture, $"scheme-{scheme:000}");

    /// <summary>Fills an empty database.</summary>
    public static async Task RunAsync(string database, RegistrySize size)
    {
        var builder = WebApplication.CreateBuilder(
            ["--urls=http://127.0.0.1:0", $"--Registry:Database={database}", "--Registry:Seed=none", "--Registry:AdminKey=benchmark", "--Registry:Snapshot:MaxMegabytes=0"]);
        builder.AddDefaults();
        builder.Logging.ClearProviders();
        builder.AddHttp();
        builder.AddRegistry();
        await using var app = builder.Build();
        await app.StartAsync();
        await using var scope = app.Services.CreateAsyncScope();
        var log = scope.ServiceProvider.GetRequiredService<ChangeLog>();
        var mediator = scope.ServiceProvider.GetRequiredService<IMediator>();
        await log.BatchAsync(() => WriteRecordsAsync(mediator, size), default);
        await log.WriteAsync(write => WriteCertificatesAsync(write, size), default);
        await app.StopAsync();
    }

    /// <summary>The same certificates as plain rows of CSV.</summary>
    public static void WriteCertificates(StreamWriter writer, RegistrySize size)
    {
        var random = new Random(Seed);
        writer.Write("gtin,scheme,number,holder,brand,model,category,valid_from,valid_until\n");
        for (var i = 0; i < size.Certificates; i++)
        {
            var entry = Certificate(i, size, random);
            var (period, product) = (entry.Periods![0], entry.Products![0]);
            writer.Write($"{product.Gtins![0]},{entry.Scheme},{entry.Number},\"{entry.Holder}\",{product.Brand},{product.Model},{product.Category},{period.ValidFrom},{period.ValidUntil}\n");
        }
    }

    /// <summary>The same grants as plain rows of CSV.</summary>
    public static void WriteGrants(StreamWriter writer, RegistrySize size)
    {
        var random = new Random(Seed);
        writer.Write("agreement,recogniser,recognised,level,effective_from\n");
        for (var i = 0; i < size.Grants; i++)
        {
            var (recogniser, recognised) = Grant(i, size);
            writer.Write($"{Agreement(i)},{recogniser},{recognised},{Code.Of(Levels[random.Next(Levels.Length)])},2021-01-01\n");
        }
    }

    /// <summary>A register of one scheme, as NDJSON: certificates that the registry does not have.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="certificates">How many.</param>
    /// <param name="scheme">Whose.</param>
    /// <param name="edition">What differs from one register to the next: it stands in each holder's name.</param>
    public static void WriteRegister(StreamWriter writer, int certificates, int scheme, string edition)
    {
        var random = new Random(Seed + 1);
        for (var i = 0; i < certificates; i++)
        {
            var from = new DateOnly(2023, 1, 1).AddDays(random.Next(700));
            writer.Write(string.Create(
                CultureInfo.InvariantCulture,
                $$$"""{"number":"REG-{{{i:0000000}}}","holder":"Holder {{{random.Next(Holders)}}} {{{edition}}}","standard":"{{{Scheme(scheme)}}}-std","edition":"2020","validFrom":"{{{from:yyyy-MM-dd}}}","validUntil":"{{{from.AddDays(1800):yyyy-MM-dd}}}","territories":[],"products":[{"brand":"Brand {{{random.Next(Brands)}}}","model":"Registered {{{i}}}","category":"{{{Category(random.Next(Categories))}}}","gtins":["{{{Gtin(900_000_000 + i)}}}"]}]}"""));
            writer.Write('\n');
        }
    }

    private static async Task WriteRecordsAsync(IMediator mediator, RegistrySize size)
    {
        var random = new Random(Seed);
        await mediator.Send(new PutLabelBody.Request(new LabelBodyEntry { Code = "bureau", Names = Names("Bureau", "局") }, Actor.Registrar));
        for (var i = 0; i < Categories; i++)
        {
            await mediator.Send(new PutCategory.Request(new CategoryEntry { Code = Category(i), Names = Names($"Category {i}", $"类别 {i}") }, Actor.Registrar));
        }

        for (var i = 0; i < size.Schemes; i++)
        {
            await mediator.Send(new PutScheme.Request(
                new SchemeEntry { Code = Scheme(i), Body = "bureau", Names = Names($"Eco-label number {i}", $"环境标志 {i}"), Register = new RegisterHeld(RegisterCoverage.Full) }, Actor.Registrar));
            await mediator.Send(new PutStandard.Request(
                new StandardEntry
                {
                    Id = Scheme(i) + "-std",
                    Scheme = Scheme(i),
                    Number = $"STD {i}",
                    Category = Category(i % Categories),
                    Editions = [new EditionEntry { Edition = "2020", EffectiveFrom = PartialDate.Parse("2020-01-01"), CriteriaCompleteness = CriteriaCompleteness.None }],
                },
                Actor.Registrar));
        }

        for (var i = 0; i < size.Grants; i++)
        {
            var (recogniser, recognised) = Grant(i, size);
            await mediator.Send(new RegisterAgreement.Request(
                new AgreementBody
                {
                    Code = Agreement(i),
                    Title = Names($"Agreement {i}", $"协议 {i}"),
                    Kind = AgreementKind.Bilateral,
                    Parties = [recogniser, recognised],
                    EffectiveFrom = PartialDate.Parse("2021-01-01"),
                    Attested = true,
                    Sources = [new Source("The text")],
                    Grants = [new GrantEntry { Id = "g1", Recogniser = recogniser, Recognised = recognised, Level = Levels[random.Next(Levels.Length)] }],
                },
                Actor.Registrar));
        }
    }

    private static async Task<bool> WriteCertificatesAsync(Write write, RegistrySize size)
    {
        // Ids are hashes, so that rows come in random order: with the usual 2 MiB every insert would read a page back.
        await using (var cache = write.Db.CreateCommand())
        {
            cache.Transaction = write.Transaction;
            cache.CommandText = "pragma cache_size = -1000000";
            await cache.ExecuteNonQueryAsync();
        }

        var random = new Random(Seed);
        await using var certificate = Command(
            write, "insert into certificate (id, recorded_from, scheme, find_number, find_holder, data) values (@a, @b, @c, @d, @e, @f)", "abcdef");
        await using var line = Command(
            write,
            "insert into product_line (certificate, line, recorded_from, product, find_product, brand, model, category) values (@a, 1, @b, @c, @d, @e, @f, @g)", "abcdefg");
        await using var gtin = Command(write, "insert into product_gtin (gtin, certificate, line, recorded_from, product) values (@a, @b, 1, @c, @d)", "abcd");
        for (var i = 0; i < size.Certificates; i++)
        {
            var entry = Certificate(i, size, random);
            var product = entry.Products![0];
            Fill(certificate, entry.Id!, write.Revision, entry.Scheme!, ProductIdentity.FindKey(entry.Number!), ProductIdentity.FindKey(entry.Holder!), RecordJson.Text(entry));
            Fill(line, entry.Id!, write.Revision, product.Product!, ProductIdentity.FindKey(product.Brand!, product.Model!), product.Brand!, product.Model!, product.Category!);
            Fill(gtin, product.Gtins![0].PadLeft(14, '0'), entry.Id!, write.Revision, product.Product!);
            await certificate.ExecuteNonQueryAsync();
            await line.ExecuteNonQueryAsync();
            await gtin.ExecuteNonQueryAsync();
        }

        await write.AppendAsync(Actor.Registrar, "benchmark-filled", "/v1/certificates", new JsonObject { ["certificates"] = size.Certificates });
        return true;
    }

    private static CertificateEntry Certificate(int i, RegistrySize size, Random random)
    {
        var scheme = Scheme(i % size.Schemes);
        var number = Number(i);
        var from = new DateOnly(2021, 1, 1).AddDays(random.Next(1800));
        return new CertificateEntry
        {
            Id = ProductIdentity.CertificateId(scheme, number, null),
            Scheme = scheme,
            Number = number,
            Holder = $"Holder {random.Next(Holders)} Manufacturing Co., Ltd",
            Territories = [],
            Periods = [new() { Standard = scheme + "-std", Edition = "2020", ValidFrom = from, ValidUntil = from.AddDays(1800) }],
            Products = [new() { Brand = $"Brand {random.Next(Brands)}", Model = $"Model {i}", Category = Category(random.Next(Categories)), Gtins = [Gtin(i)] }],
            Sources = [new Source("The register of the scheme")],
        };
    }

    private static string Number(int certificate) => string.Create(CultureInfo.InvariantCulture, $"LIC-{certificate:0000000}");

    private static (string Recogniser, string Recognised) Grant(int grant, RegistrySize size)
    {
        var each = Math.Max(1, size.Grants / size.Schemes);
        var recognised = grant / each % size.Schemes;
        return (Scheme((recognised + 1 + (grant % each)) % size.Schemes), Scheme(recognised));
    }

    private static string Agreement(int agreement) => string.Create(CultureInfo.InvariantCulture, $"agreement-{agreement:00000}");

    private static string Category(int category) => string.Create(CultureInfo.InvariantCulture, $"category-{category:00}");

    private static Dictionary<string, string> Names(string english, string chinese) => new(StringComparer.Ordinal) { ["en"] = english, ["zh"] = chinese };

    private static DbCommand Command(Write write, string sql, string parameters)
    {
        var command = write.Db.CreateCommand();
        command.Transaction = write.Transaction;
#pragma warning disable CA2100 // constants of this file
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var name in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name.ToString();
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static void Fill(DbCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }
    }
}
