using System.Text.Json.Nodes;
using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Snapshot;
using EcoLabelRegistry.Tests.Cases;
using MediatR;

namespace EcoLabelRegistry.Tests.Agreements;

public sealed class SqliteSignAgreement(EmptySqliteRegistry app) : SignAgreementTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlSignAgreement(EmptyPostgreSqlRegistry app) : SignAgreementTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>Signatures and accessions; what they do to answers is in <c>Cases/agreements-life.json</c>.</summary>
public abstract class SignAgreementTests(RegistryApp app)
{
    [Fact]
    public async Task Whoever_proposes_has_signed_and_the_registrar_never_does()
    {
        await GivenAsync("proposal", kind: "bilateral");
        await GivenAsync("attested", kind: "bilateral", member: "\"attested\": true,");

        var signature = Assert.Single((await FindAsync("proposal")).Texts![0].Signatures!);
        Assert.Equal(("birch", "body:birch"), (signature.Scheme, signature.Actor));
        Assert.Equal((await FindAsync("proposal")).Texts![0].TextHash, signature.TextHash);
        Assert.Null((await FindAsync("attested")).Texts![0].Signatures);
    }

    [Fact]
    public async Task Nobody_signs_twice_for_another_or_another_text()
    {
        await GivenAsync("once", kind: "bilateral");

        Assert.Equal("fault.no-such-text", await RefusalAsync(new SignAgreement.Request("once", null, Actor.OfBody("birch"))));
        Assert.Equal("refusal.forbidden", await RefusalAsync(new SignAgreement.Request("once", null, Actor.OfBody("cedar"))));
        Assert.Equal("refusal.forbidden", await RefusalAsync(new SignAgreement.Request("once", null, Actor.Registrar)));
        Assert.Equal("fault.no-such-text", await RefusalAsync(new SignAgreement.Request("once", "another", Actor.OfBody("aster"))));
        Assert.Equal(["aster"], (await FindAsync("once")).Texts![0].Missing);

        await app.WithAsync<IMediator, SignAgreement.Response>(m => m.Send(new SignAgreement.Request("once", null, Actor.OfBody("aster"))));
        Assert.True((await FindAsync("once")).Texts![0].IsSigned);
    }

    [Fact]
    public async Task Where_several_texts_wait_a_signature_says_which()
    {
        await GivenAsync("several", kind: "multilateral");
        var hash = await AccedeAsync("several", "cedar", Grant("cedar", "birch"));

        Assert.Equal("fault.several-texts", await RefusalAsync(new SignAgreement.Request("several", null, Actor.OfBody("aster"))));
        await app.WithAsync<IMediator, SignAgreement.Response>(m => m.Send(new SignAgreement.Request("several", hash, Actor.OfBody("aster"))));
        Assert.Equal(["aster"], (await FindAsync("several")).Texts![0].Missing);
        Assert.Equal(["birch"], (await FindAsync("several")).Accessions![0].Missing);
    }

    [Fact]
    public async Task An_accession_is_to_a_multilateral_by_a_stranger_and_concerns_the_stranger()
    {
        await GivenAsync("pair", kind: "bilateral");
        await GivenAsync("open", kind: "multilateral");

        Assert.Equal("fault.not-multilateral", await RefusalAsync(Accession("pair", "cedar")));
        Assert.Equal("fault.already-a-party", await RefusalAsync(Accession("open", "aster")));
        Assert.Equal("fault.line-of-others", await RefusalAsync(Accession("open", "cedar", Grant("aster", "birch", "new"))));
        Assert.Equal("fault.not-a-party", await RefusalAsync(Accession("open", "cedar", Grant("cedar", "dahlia"))));
        Assert.Equal("fault.repeated", await RefusalAsync(Accession("open", "cedar", Grant("cedar", "aster", "aster-birch"))));

        await AccedeAsync("open", "cedar", Grant("cedar", "birch"), Grant("birch", "cedar"));
        Assert.Equal("refusal.taken", await RefusalAsync(Accession("open", "cedar", Grant("cedar", "birch"), Grant("birch", "cedar"))));
        Assert.Equal(["birch", "aster"], Assert.Single((await FindAsync("open")).Accessions!).Missing);

        // While it waits, its scheme sends another in its place.
        var hash = await AccedeAsync("open", "cedar", Grant("cedar", "birch"));
        Assert.Equal(hash, Assert.Single((await FindAsync("open")).Accessions!).TextHash);
    }

    private static GrantEntry Grant(string recogniser, string recognised, string? id = null) =>
        new() { Id = id ?? $"{recogniser}-{recognised}", Recogniser = recogniser, Recognised = recognised, Level = Level.FullProduct };

    private static AccedeToAgreement.Request Accession(string agreement, string scheme, params GrantEntry[] grants) =>
        new(agreement, new AccessionBody { Scheme = scheme, Effective = new DateOnly(2020, 1, 1), Grants = grants }, Actor.OfBody(scheme));

    private async Task<string> AccedeAsync(string agreement, string scheme, params GrantEntry[] grants) =>
        (await app.WithAsync<IMediator, AmendAgreement.Response>(m => m.Send(Accession(agreement, scheme, grants)))).TextHash;

    /// <summary>An agreement of birch, which proposes it, and aster; cedar and dahlia are strangers.</summary>
    private Task GivenAsync(string code, string kind, string member = "")
    {
        var given = GivenRegistry.Of(null, JsonNode.Parse(
            $$"""
            {
              "schemes": [{ "code": "aster" }, { "code": "birch" }, { "code": "cedar" }, { "code": "dahlia" }],
              "agreements": [{
                "code": "{{code}}", "kind": "{{kind}}", "parties": ["birch", "aster"], {{member}} "effectiveFrom": "2010-01-01",
                "grants": [{ "id": "aster-birch", "recogniser": "aster", "recognised": "birch", "level": "full-product" }]
              }]
            }
            """)!.AsObject());
        return given.SendAsync(app);
    }

    private async Task<AgreementEntry> FindAsync(string code) => await app.WithAsync<Registries, AgreementEntry>(async registries =>
    {
        await using var reading = await registries.ReadAsync(null, CancellationToken.None);
        return reading.Registry.Agreements[code].Entry;
    });

    private async Task<string> RefusalAsync<T>(IRequest<T> request)
    {
        var refusal = await Assert.ThrowsAsync<RefusalException>(() => app.WithAsync<IMediator, T>(m => m.Send(request)));
        return refusal.Faults.Count > 0 ? refusal.Faults[0].Message.Key : refusal.Detail.Key;
    }
}
