using EcoLabelRegistry.Agreements;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.LabelBodies;
using EcoLabelRegistry.Recognition;
using EcoLabelRegistry.Schemes;
using EcoLabelRegistry.Snapshot;
using MediatR;

namespace EcoLabelRegistry.Tests.Agreements;

public sealed class SqliteGetAgreement(EmptySqliteRegistry app) : GetAgreementTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlGetAgreement(EmptyPostgreSqlRegistry app) : GetAgreementTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>Texts that wait for signatures, amendments and accessions.</summary>
public abstract class GetAgreementTests(RegistryApp app)
{
    [Fact]
    public async Task A_proposal_names_those_whose_signatures_it_awaits_and_an_amendment_leaves_the_past_to_the_text_before()
    {
        var proposed = await PutAsync(First(signedBy: ["one"]));
        var signed = await PutAsync(First(signedBy: ["one", "two"]));
        var pending = await PutAsync(Amended(signedBy: ["two"]));
        await PutAsync(Amended(signedBy: ["two", "one"]));

        var proposal = await app.GetAsync($"/v1/agreements/mra?asOf=2021-01-01&knownAt={proposed}");
        Assert.Equal("proposed", proposal.Text("standing"));
        Assert.Equal(["two"], proposal.GetProperty("texts")[0].GetProperty("awaits").EnumerateArray().Select(s => s.GetString()));
        Assert.Equal([true, false], proposal.GetProperty("parties").EnumerateArray().Select(p => p.GetProperty("hasSigned").GetBoolean()));
        Assert.Equal(["agreement-proposed"], proposal.GetProperty("grants")[0].Texts("reasons", "code"));

        Assert.Equal("in-force", (await app.GetAsync($"/v1/agreements/mra?asOf=2021-01-01&knownAt={signed}")).Text("standing"));

        var waiting = await app.GetAsync($"/v1/agreements/mra?asOf=2023-01-01&knownAt={pending}");
        Assert.Equal("first", waiting.Text("textHash"));
        Assert.Equal([true, false], waiting.GetProperty("texts").EnumerateArray().Select(t => t.GetProperty("fullySigned").GetBoolean()));
        Assert.Equal("audit", waiting.GetProperty("grants")[0].Text("level"));

        var amended = await app.GetAsync("/v1/agreements/mra?asOf=2023-01-01");
        Assert.Equal(("second", "full-product"), (amended.Text("textHash")!, amended.GetProperty("grants")[0].Text("level")!));
        Assert.Equal("first", (await app.GetAsync("/v1/agreements/mra?asOf=2022-12-31")).Text("textHash"));
    }

    [Fact]
    public async Task History_holds_signatures_with_the_key_they_were_made_with_accessions_and_events_by_day()
    {
        await PutAsync(Amended(signedBy: ["one", "two"]) with
        {
            Code = "club",
            Kind = AgreementKind.Multilateral,
            Parties = [new("one"), new("two"), new("three", PartialDate.Parse("2022"))],
            Events = [new(AgreementEventType.Withdrawn, PartialDate.Parse("2024-05-01"), "moved", "two"), new(AgreementEventType.Suspended, PartialDate.Parse("2022-03-01"), null, "three")],
        });

        var club = await app.GetAsync("/v1/agreements/club?asOf=2024-06-01");

        Assert.Equal(
            [
                "signature one 2020-12-24", "signature two 2020-12-24", "effective  2021-01-01", "acceded three 2022", "suspended three 2022-03-01",
                "signature one 2022-12-24", "signature two 2022-12-24", "effective  2023-01-01", "withdrawn two 2024-05-01",
            ],
            club.GetProperty("history").EnumerateArray().Select(h => $"{h.Text("type")} {h.Text("party")} {h.Text("on")}"));
        Assert.Equal(("body:one", "registrar"), (club.Texts("history", "actor")[0]!, club.Texts("history", "keyIssuedBy")[0]!));
        Assert.Equal(["party", "withdrawn", "suspended"], club.Texts("parties", "standing"));
        Assert.Equal(["party-withdrawn"], club.GetProperty("grants")[0].Texts("reasons", "code"));
        Assert.False(club.GetProperty("attested").GetBoolean());
        Assert.Empty(club.GetProperty("warnings").EnumerateArray());
    }

    private static AgreementEntry First(string[] signedBy) => new()
    {
        Code = "mra",
        Kind = AgreementKind.Bilateral,
        Parties = [new("one"), new("two")],
        Texts = [Text("first", "2021-01-01", Level.Audit, signedBy)],
    };

    private static AgreementEntry Amended(string[] signedBy) =>
        First(["one", "two"]) with { Texts = [Text("first", "2021-01-01", Level.Audit, ["one", "two"]), Text("second", "2023-01-01", Level.FullProduct, signedBy)] };

    private static AgreementTextEntry Text(string hash, string from, Level level, string[] signedBy) => new()
    {
        TextHash = hash,
        Title = Names(hash),
        EffectiveFrom = PartialDate.Parse(from),
        Needs = ["one", "two"],
        Grants = [new() { Id = "g", Recogniser = "one", Recognised = "two", Level = level }],
        Signatures = [.. signedBy.Select(s => new SignatureEntry(s, hash, $"{int.Parse(from[..4], System.Globalization.CultureInfo.InvariantCulture) - 1}-12-24T10:00:00Z", "body:" + s, "registrar"))],
    };

    private static Dictionary<string, string> Names(string name) => new(StringComparer.Ordinal) { ["en"] = name };

    /// <summary>Records an agreement as it would stand after signatures, amendments and accessions.</summary>
    private async Task<long> PutAsync(AgreementEntry entry)
    {
        await app.WithAsync<IMediator, Written>(async mediator =>
        {
            await mediator.Send(new PutLabelBody.Request(new() { Code = "body", Names = Names("Body") }, Actor.Registrar));
            foreach (var scheme in new[] { "one", "two", "three" })
            {
                await mediator.Send(new PutScheme.Request(new() { Code = scheme, Body = "body", Names = Names(scheme) }, Actor.Registrar));
            }

            return new Written(0, Created: false);
        });
        return await app.WithAsync<ChangeLog, long>(log => log.WriteAsync(
            async write =>
            {
                await write.PutAsync(RecordKind.Agreement, entry.Code!, entry);
                await write.AppendAsync(Actor.Registrar, "agreement-signed", Subjects.Of(RecordKind.Agreement, entry.Code!), RecordJson.Node(entry));
                return write.Revision;
            },
            CancellationToken.None));
    }
}
