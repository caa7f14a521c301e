using System.Globalization;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Products;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Registers;
using EcoLabelRegistry.Schemes;
using MediatR;

namespace EcoLabelRegistry.Tests.Snapshot;

/// <summary>Random writes and random questions over the same few schemes, numbers, brands, models and GTINs, so that they meet.</summary>
internal sealed class RandomMarket(int seed)
{
    private static readonly string[] Schemes = ["alpha", "beta", "gamma", "delta"];
    private static readonly string[] Brands = ["Acme", "ACME", "ａｃｍｅ", "Acme+", "Globex", "绿色", "エコ", "N/A"];
    private static readonly string[] Categories = ["coatings", "coatings.decorative", "paper"];
    private static readonly string[] Days = ["2019", "2020-06", "2021-03-14", "2022", "2023-11", "2024-02-29", "2026-01-01", "2027"];
    private static readonly string[] Holders = ["Painter Ltd", "画家有限公司", "O'Hara & \"Sons\" <b>"];

    private readonly Random _random = new(seed);

    /// <summary>What there is before anybody asks.</summary>
    public static async Task FillAsync(RegistryApp app)
    {
        await app.FillAsync();
        await app.SendAsync(SmallRegistry.Category("paper"));
        await app.SendAsync(SmallRegistry.Scheme("gamma"));
        await app.SendAsync(SmallRegistry.Scheme("delta"));
        await app.SendAsync(SmallRegistry.Standard("alpha-1", "alpha"));
        await app.SendAsync(SmallRegistry.Standard("gamma-1", "gamma"));
        await app.SendAsync(SmallRegistry.Standard("delta-1", "delta"));
        Grant[] grants = [new("alpha", "gamma", Level.Evidence), new("gamma", "alpha", Level.TestData), new("delta", "beta", Level.CommonCriteria)];
        foreach (var grant in grants)
        {
            await app.SendAsync(new RegisterAgreement.Request(
                new AgreementBody
                {
                    Code = $"{grant.Recogniser}-{grant.Recognised}",
                    Title = SmallRegistry.Text($"{grant.Recogniser} and {grant.Recognised}"),
                    Kind = AgreementKind.Bilateral,
                    Parties = [grant.Recogniser, grant.Recognised],
                    EffectiveFrom = SmallRegistry.Date("2020-01-01"),
                    Attested = true,
                    Sources = [new Source("The text")],
                    Grants = [new GrantEntry { Id = "g1", Recogniser = grant.Recogniser, Recognised = grant.Recognised, Level = grant.Level }],
                },
                Actor.Registrar));
        }
    }

    /// <summary>One write. What the registry refuses (an event of what is not on record, a suspension of what is suspended) changes nothing.</summary>
    public async Task WriteAsync(IMediator mediator)
    {
        try
        {
            await SendAsync(mediator);
        }
        catch (EcoLabelRegistry.Http.RefusalException)
        {
            // Refused whole.
        }
    }

    private async Task SendAsync(IMediator mediator)
    {
        switch (_random.Next(12))
        {
            case 0:
                var scheme = One(Schemes);
                await mediator.Send(new ImportRegister.Request(
                    scheme, [.. Enumerable.Range(0, 30).Select(_ => Certificate(scheme)).DistinctBy(c => c.Number)], null, Actor.Registrar));
                break;
            case 1:
                await mediator.Send(new PutScheme.Request(
                    new SchemeEntry { Code = "delta", Body = "bureau", Names = SmallRegistry.Text($"Delta {_random.Next(1000)}"), Aliases = ["DLT"] }, Actor.Registrar));
                break;
            case 2:
                await mediator.Send(new RecordAgreementEvent.Request(
                    "alpha-gamma",
                    new AgreementEventBody(One([AgreementEventType.Suspended, AgreementEventType.Resumed]), Day()),
                    Actor.Registrar));
                break;
            case 3:
                await mediator.Send(new RecordCertificateEvent.Request(
                    ProductIdentity.CertificateId("beta", Number(), null),
                    new CertificateEventEntry(One(Enum.GetValues<CertificateEventType>()), Day(), "Why"),
                    Actor.Registrar));
                break;
            default:
                await mediator.Send(new RegisterCertificate.Request(Certificate(One(Schemes)), Actor.Registrar));
                break;
        }
    }

    /// <summary>The address of one question.</summary>
    public string Question()
    {
        var selector = _random.Next(9) switch
        {
            0 or 1 => $"gtin={Gtin()}",
            2 or 3 => Names(),
            4 => $"product={ProductIdentity.IdOf(One(Brands), Model())}",
            5 => $"scheme={One(["beta", "Beta ", "DLT", "gamma"])}&certificate={Uri.EscapeDataString(Number())}",
            6 => $"scheme={One(Schemes)}&certificate={Uri.EscapeDataString(Number().ToLowerInvariant().Replace('-', ' '))}",
            7 => $"scheme={One(Schemes)}&certificate={Uri.EscapeDataString(Number())}&gtin={Gtin()}",
            _ => $"scheme={One(Schemes)}&certificate={Uri.EscapeDataString(Number())}&{Names()}",
        };
        var question = $"/v1/check?recognisedBy={One(["alpha", "beta", "gamma", "delta", "body:bureau"])}&{selector}";
        question += Sometimes() ? $"&asOf={_random.Next(2018, 2028)}-0{_random.Next(1, 10)}-1{_random.Next(10)}" : "&asOf=2026-05-05";
        question += Sometimes() ? $"&category={One(Categories)}" : "";
        return question + (Sometimes() ? $"&territory={One(["CN", "GB", "GB-NIR"])}" : "");
    }

    /// <summary>The language of one question.</summary>
    public string Language() => One(["en", "zh"]);

    private string Names() => $"brand={Uri.EscapeDataString(One(Brands))}&model={Uri.EscapeDataString(Model())}";

    private CertificateBody Certificate(string scheme)
    {
        var until = _random.Next(3) == 0 ? (PartialDate?)PartialDate.Parse(One(["2025", "2026-05", "2028-12-31", "9999-12-31"])) : null;
        return new CertificateBody
        {
            Scheme = scheme,
            Number = Number(),
            Holder = Sometimes() ? null : One(Holders),
            Standard = Sometimes() ? null : scheme + "-1",
            ValidFrom = PartialDate.Parse(One(["2019", "2020-06", "2021-03-14", "2024-01-01"])),
            ValidUntil = until,
            ConfirmedOn = Sometimes() ? Day() : null,
            LastAudit = Sometimes() ? Day() : null,
            OtherNumbers = Sometimes() ? [Number() + "/old", "LIC " + Number()] : null,
            Territories = _random.Next(4) switch { 0 => [], 1 => ["CN"], 2 => ["GB", "GB-NIR"], _ => null },
            Sites = Sometimes() ? [new Site("CN"), new Site("DE")] : null,
            Products = [.. Enumerable.Range(0, _random.Next(4)).Select(_ => Line())],
            Sample = Sometimes() ? true : null,
            Notes = Sometimes() ? "A note." : null,
            Sources = [new Source("A register")],
        };
    }

    private ProductLineEntry Line()
    {
        var isNamed = _random.Next(6) > 0;
        return new ProductLineEntry
        {
            Brand = isNamed ? One(Brands) : null,
            Model = isNamed ? Model() : null,
            Category = Sometimes() ? null : One(Categories),
            Gtins = _random.Next(3) switch { 0 => [Gtin()], 1 => [Gtin(), "0" + Gtin()], _ => null },
            Names = Sometimes() ? new Dictionary<string, string>(StringComparer.Ordinal) { ["zh"] = "绿色涂料", ["en"] = "Green paint" } : null,
            From = Sometimes() ? PartialDate.Parse("2020") : null,
            Until = Sometimes() ? PartialDate.Parse("2025-12") : null,
            Related = Sometimes() ? [new RelatedLine("gamma", Number(), null, Model(), "The same machine")] : null,
        };
    }

    private string Number() => string.Create(CultureInfo.InvariantCulture, $"L-{_random.Next(60):000}");

    private string Model() => One(["M-", "m", "Ｍ "]) + _random.Next(25).ToString(CultureInfo.InvariantCulture);

    private PartialDate Day() => PartialDate.Parse(One(Days));

    private string Gtin()
    {
        var twelve = string.Create(CultureInfo.InvariantCulture, $"4006381{_random.Next(30):00000}");
        return twelve + Recognition.Gtin.CheckDigit("0" + twelve);
    }

    private bool Sometimes() => _random.Next(5) == 0;

    private T One<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];

    private sealed record Grant(string Recogniser, string Recognised, Level Level);
}
