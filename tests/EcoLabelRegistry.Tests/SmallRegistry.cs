using System.Data.Common;
using Dapper;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Categories;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.LabelBodies;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Schemes;
using EcoLabelRegistry.Standards;
using MediatR;

namespace EcoLabelRegistry.Tests;

/// <summary>Writes into a registry as the service itself does, and the facts of a small one.</summary>
public static class SmallRegistry
{
    /// <summary>One body with two schemes that test paint; <c>alpha</c> accepts what <c>beta</c> certifies. Filled once for each registry.</summary>
    public static async Task FillAsync(this RegistryApp app)
    {
        await app.SendAsync(Category("coatings"));
        await app.SendAsync(Category("coatings.decorative", "coatings"));
        await app.SendAsync(Body("bureau"));
        await app.SendAsync(Scheme("alpha"));
        await app.SendAsync(Scheme("beta"));
        await app.SendAsync(Standard("beta-1", "beta"));
        if (!await app.HasAsync("/v1/agreements/alpha-beta"))
        {
            await app.SendAsync(new RegisterAgreement.Request(
                new AgreementBody
                {
                    Code = "alpha-beta",
                    Title = Text("Alpha accepts Beta"),
                    Kind = AgreementKind.Bilateral,
                    Parties = ["alpha", "beta"],
                    EffectiveFrom = Date("2020-01-01"),
                    Attested = true,
                    Sources = [new Source("The text")],
                    Grants = [new GrantEntry { Id = "g1", Recogniser = "alpha", Recognised = "beta", Level = Level.FullProduct }],
                },
                Actor.Registrar));
        }
    }

    public static PutCategory.Request Category(string code, string? parent = null, string name = "Paint") =>
        new(new CategoryEntry { Code = code, Parent = parent, Names = Text(name) }, Actor.Registrar);

    public static PutLabelBody.Request Body(string code, string name = "Bureau") => new(new LabelBodyEntry { Code = code, Names = Text(name) }, Actor.Registrar);

    public static PutScheme.Request Scheme(string code, string body = "bureau") =>
        new(new SchemeEntry { Code = code, Body = body, Names = Text(code) }, Actor.Registrar);

    public static PutStandard.Request Standard(string id, string scheme) =>
        new(new StandardEntry { Id = id, Scheme = scheme, Number = id, Category = "coatings" }, Actor.Registrar);

    public static CertificateBody Certificate(string number, string validFrom = "2024-01-01", params ProductLineEntry[] products) =>
        new() { Scheme = "beta", Number = number, Holder = "Painter Ltd", Standard = "beta-1", ValidFrom = Date(validFrom), Products = products };

    public static ProductLineEntry Product(string brand, string model, string? category = "coatings.decorative") => new() { Brand = brand, Model = model, Category = category };

    public static PartialDate Date(string text) => PartialDate.Parse(text);

    public static IReadOnlyDictionary<string, string> Text(string english) => new Dictionary<string, string>(StringComparer.Ordinal) { ["en"] = english };

    /// <summary>Registers a certificate.</summary>
    public static Task<RegisterCertificate.Response> RegisterAsync(this RegistryApp app, CertificateBody body) =>
        app.SendAsync(new RegisterCertificate.Request(body, Actor.Registrar));

    /// <summary>Sends a request in the process.</summary>
    public static Task<T> SendAsync<T>(this RegistryApp app, IRequest<T> request) => app.WithAsync<IMediator, T>(mediator => mediator.Send(request));

    /// <summary>Reads one value from the registry's database.</summary>
    public static Task<T?> ScalarAsync<T>(this RegistryApp app, string sql, object? parameters = null) => app.WithAsync<DbDataSource, T?>(async database =>
    {
        await using var db = await database.OpenConnectionAsync();
        return await db.ExecuteScalarAsync<T>(sql, parameters);
    });

    /// <summary>Changes the registry's database by hand.</summary>
    public static Task<int> ExecuteAsync(this RegistryApp app, string sql, object? parameters = null) => app.WithAsync<DbDataSource, int>(async database =>
    {
        await using var db = await database.OpenConnectionAsync();
        return await db.ExecuteAsync(sql, parameters);
    });

    /// <summary>The newest revision.</summary>
    public static Task<long> RevisionAsync(this RegistryApp app) => app.ScalarAsync<long>("select revision from registry");

    private static async Task<bool> HasAsync(this RegistryApp app, string subject) =>
        await app.ScalarAsync<long>("select count(*) from change where subject = @Subject", new { Subject = subject }) > 0;
}
