using System.Globalization;
using System.Text;
using System.Text.Json;
using Dapper;
using EcoLabelRegistry.Database;
using EcoLabelRegistry.Tests.CommandLine;
using EcoLabelRegistry.Tests.Http;
using EcoLabelRegistry.Tests.Objections;

namespace EcoLabelRegistry.Tests.Redactions;

public sealed class SqliteRedactRecord(EmptySqliteRegistry app, SqliteDatabases databases)
    : RedactRecordTests(app, databases), IClassFixture<EmptySqliteRegistry>, IClassFixture<SqliteDatabases>
{
    [Fact]
    public async Task A_backup_is_proven_and_restored_and_no_byte_of_it_is_in_the_file()
    {
        var address = await GivenAsync("backup", "Backwards");
        await App.WriteAsync("POST", address + "/redactions", Holder);
        var (copy, restored) = (Databases.NewPath(".backup"), await Databases.NewAsync());

        Assert.Equal(0, (await Called.WithAsync("backup", copy, Called.On(App.Database))).ExitCode);
        Assert.Equal(0, (await Called.WithAsync("restore", copy, Called.On(restored))).ExitCode);
        Assert.Equal(0, (await Called.WithAsync("verify", Called.On(restored))).ExitCode);
        Assert.Empty(await HoldingAsync(restored, "backwards"));
        Assert.False(HasBytes(copy, "Backwards") || HasBytes(SqliteDatabases.FileOf(restored), "Backwards"));
        Assert.True(HasBytes(SqliteDatabases.FileOf(restored), "Somebody else")); // what is there is found
    }

    private static bool HasBytes(string path, string text) => File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}

public sealed class PostgreSqlRedactRecord(EmptyPostgreSqlRegistry app, PostgreSqlDatabases databases)
    : RedactRecordTests(app, databases), IClassFixture<EmptyPostgreSqlRegistry>, IClassFixture<PostgreSqlDatabases>;

/// <summary>Personal data is removed from everywhere, and the chain still verifies.</summary>
public abstract class RedactRecordTests(RegistryApp app, Databases databases)
{
    protected const string Holder = """{ "members": ["holder"], "reason": "Asked for by the person concerned." }""";

    protected RegistryApp App => app;

    protected Databases Databases => databases;

    [Fact]
    public async Task A_holder_is_gone_from_every_table_and_every_answer_and_the_chain_verifies()
    {
        var address = await GivenAsync("all", "Lovelace");
        var before = await app.RevisionAsync();
        Assert.Superset(
            new HashSet<string>(["certificate.data", "certificate.find_holder", "change.data", "change_item.data", "idempotent_answer.answer"], StringComparer.Ordinal),
            (await HoldingAsync(app.Database, "lovelace")).ToHashSet(StringComparer.Ordinal));
        Assert.All(await ShownAsync(), shown => Assert.Contains("Lovelace", shown, StringComparison.Ordinal));

        var done = await app.WriteAsync("POST", address + "/redactions", Holder);

        Assert.Equal(before + 1, done.GetProperty("revision").GetInt64());
        Assert.Equal((3, 1, 1), (done.GetProperty("versions").GetInt32(), done.GetProperty("entries").GetInt32(), done.GetProperty("rows").GetInt32()));
        Assert.Empty(await HoldingAsync(app.Database, "lovelace"));
        Assert.All(await ShownAsync(), shown => Assert.DoesNotContain("Lovelace", shown, StringComparison.Ordinal));
        var entry = await app.GetAsync($"/v1/changes/{before + 1}");
        Assert.Equal(("redacted", "registrar", address), (entry.Text("type"), entry.Text("actor"), entry.Text("subject")));
        Assert.Equal(["holder"], entry.GetProperty("data").Texts("members"));
        Assert.Equal("Asked for by the person concerned.", entry.GetProperty("data").Text("reason"));

        var proof = await app.GetAsync("/v1/changes/verify");
        Assert.True(proof.GetProperty("valid").GetBoolean(), proof.ToString());
        Assert.Equal(0, (await Called.WithAsync("verify", Called.On(app.Database))).ExitCode);
        Assert.Equal("Somebody else", (await app.GetAsync("/v1/certificates?scheme=all&holder=somebody")).GetProperty("items")[0].Text("holder"));

        async Task<List<string>> ShownAsync()
        {
            var import = await app.ScalarAsync<long>("select max(revision) from change where subject = '/v1/schemes/all/register'");
            var shown = new List<string>();
            foreach (var at in new[]
            {
                address, $"{address}?knownAt={before}", $"{address}/history", "/v1/certificates?scheme=all", "/v1/certificates?holder=lovelace",
                $"/v1/certificates?knownAt={before}&scheme=all", "/v1/changes?schemes=all", $"/v1/changes/{import}/items", "/v1/check?recognisedBy=all&scheme=all&certificate=P-1&asOf=2024-06-01",
                $"/v1/check?recognisedBy=all&scheme=all&certificate=P-1&asOf=2024-06-01&knownAt={before}",
            })
            {
                shown.Add((await app.GetAsync(at)).ToString());
            }

            return shown;
        }
    }

    [Fact]
    public async Task A_registry_that_is_moved_afterwards_verifies_and_does_not_hold_it()
    {
        var address = await GivenAsync("moved", "Wanderer");
        await app.WriteAsync("POST", address + "/redactions", Holder);
        var (folder, moved) = (databases.NewPath(), await databases.NewAsync());

        Assert.Equal(0, (await Called.WithAsync("export", folder, Called.On(app.Database))).ExitCode);
        Assert.Equal(0, (await Called.WithAsync("import", folder, Called.On(moved))).ExitCode);
        Assert.Equal(0, (await Called.WithAsync("verify", Called.On(moved))).ExitCode);
        Assert.Empty(await HoldingAsync(moved, "wanderer"));
        Assert.DoesNotContain(Directory.EnumerateFiles(folder), file => File.ReadAllText(file).Contains("Wanderer", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Those_who_signed_in_the_world_outside_are_gone_from_memory_too_on_every_server()
    {
        var oak = await app.SchemeAsync("oak");
        var elm = await app.SchemeAsync("elm");
        await app.WriteAsync(
            "POST", "/v1/agreements", """
            { "code": "signed", "title": { "en": "x" }, "kind": "bilateral", "parties": ["oak", "elm"], "effectiveFrom": "2020-01-01",
              "signatories": [{ "name": "Grace Hopper", "scheme": "oak" }] }
            """, oak);
        var first = await app.RevisionAsync();
        await app.WriteAsync("POST", "/v1/agreements/signed/signatures", "{}", elm);
        var hash = (await app.GetAsync("/v1/agreements/signed")).Text("textHash");
        var other = new ServiceOn(app.Database);
        await other.InitializeAsync();
        try
        {
            foreach (var server in new[] { app, other })
            {
                Assert.Contains("Hopper", await AllAsync(server), StringComparison.Ordinal);
            }

            await app.WriteAsync("POST", "/v1/agreements/signed/redactions", """{ "members": ["signatories"], "reason": "Asked for." }""");

            foreach (var server in new[] { app, other })
            {
                Assert.DoesNotContain("Hopper", await AllAsync(server), StringComparison.Ordinal);
                Assert.Equal(hash, (await server.GetAsync("/v1/agreements/signed")).Text("textHash"));
            }

            Assert.Empty(await HoldingAsync(app.Database, "hopper"));
            Assert.True((await other.GetAsync("/v1/changes/verify")).GetProperty("valid").GetBoolean());
        }
        finally
        {
            await other.DisposeAsync();
        }

        // What is kept in memory for an earlier moment is asked first.
        async Task<string> AllAsync(RegistryApp server) => string.Concat(
            await server.GetAsync($"/v1/agreements/signed?knownAt={first}"), await server.GetAsync("/v1/agreements/signed"), await server.GetAsync("/v1/agreements"),
            await server.GetAsync("/v1/agreements/signed/history"), await server.GetAsync($"/v1/changes/{first}"));
    }

    [Fact]
    public async Task A_certificate_held_in_the_memory_of_another_server_is_read_again()
    {
        var address = await GivenAsync("held", "Remembered");
        var other = new ServiceOn(app.Database);
        await other.InitializeAsync();
        try
        {
            Assert.Contains("Remembered", (await CheckAsync(0)).ToString(), StringComparison.Ordinal);
            var done = await app.WriteAsync("POST", address + "/redactions", Holder);
            Assert.DoesNotContain("Remembered", (await CheckAsync(done.GetProperty("revision").GetInt64())).ToString(), StringComparison.Ordinal);
            Assert.Equal(JsonValueKind.Null, (await other.GetAsync(address)).GetProperty("holder").ValueKind);
        }
        finally
        {
            await other.DisposeAsync();
        }

        async Task<JsonElement> CheckAsync(long least)
        {
            using var response = await other.Client.SendAsync(
                "GET", "/v1/check?recognisedBy=held&scheme=held&certificate=P-1&asOf=2024-06-01", null, null, ("Registry-Min-Revision", least.ToString(CultureInfo.InvariantCulture)));
            return await response.JsonAsync();
        }
    }

    [Fact]
    public async Task An_objection_loses_its_words_its_contact_and_its_answer_each_by_itself()
    {
        await app.SchemeAsync("oak");
        var id = await app.ObjectAsync("/v1/schemes/oak", "Mallory says so.", "mallory@holder.example");
        await app.WriteAsync("POST", $"/v1/objections/{id}/answer", """{ "text": "Dear Mallory, no." }""");

        await app.WriteAsync("POST", $"/v1/objections/{id}/redactions", """{ "members": ["contact"], "reason": "Asked for." }""");
        Assert.Equal(["change.data", "objection.data"], await HoldingAsync(app.Database, "mallory"));
        Assert.Empty(await HoldingAsync(app.Database, "mallory@"));
        await app.WriteAsync("POST", $"/v1/objections/{id}/redactions", """{ "members": ["text"], "reason": "Asked for." }""");
        var shown = await app.GetAsync("/v1/objections/" + id);
        Assert.Equal((null, "Dear Mallory, no."), (shown.Text("text"), shown.GetProperty("answer").Text("text")));
        await app.WriteAsync("POST", $"/v1/objections/{id}/redactions", """{ "members": ["answer"], "reason": "Asked for." }""");

        Assert.Empty(await HoldingAsync(app.Database, "mallory"));
        Assert.DoesNotContain(
            "Mallory",
            string.Concat(await app.GetAsync("/v1/objections/" + id), await app.GetAsync($"/v1/objections/{id}/history"), await app.GetAsync("/v1/changes?schemes=oak")),
            StringComparison.Ordinal);
        Assert.True((await app.GetAsync("/v1/changes/verify")).GetProperty("valid").GetBoolean());
    }

    [Theory]
    [InlineData("""{ "reason": "x" }""", "members")]
    [InlineData("""{ "members": [], "reason": "x" }""", "members")]
    [InlineData("""{ "members": ["number"], "reason": "x" }""", "members[0]")]
    [InlineData("""{ "members": ["holder", "contact"], "reason": "x" }""", "members[1]")]
    [InlineData("""{ "members": ["holder", "holder"], "reason": "x" }""", "members")]
    [InlineData("""{ "members": ["holder"] }""", "reason")]
    [InlineData("""{ "members": ["holder"], "reason": "a\u0007b" }""", "reason")]
    [InlineData("""{ "members": ["holder"], "reason": "Mr refused planks asked for it." }""", "reason")]
    public async Task What_is_not_as_it_should_be_is_named_and_nothing_is_removed(string body, string member)
    {
        var address = await GivenAsync("refused", "Refused");
        var before = await app.RevisionAsync();

        Assert.NotEmpty((await app.RefusedAsync("POST", address + "/redactions", body, Writing.RegistrarKey, "invalid")).Errors(member));
        Assert.Equal(before, await app.RevisionAsync());
        Assert.Equal("Refused Planks", (await app.GetAsync(address)).Text("holder"));
    }

    [Fact]
    public async Task What_is_not_there_or_not_any_more_cannot_be_removed()
    {
        var address = await GivenAsync("twice", "Twice");
        await app.WriteAsync("POST", address + "/redactions", Holder);
        await app.RefusedAsync("POST", address + "/redactions", Holder, Writing.RegistrarKey, "not-possible");
        await app.RefusedAsync("POST", "/v1/certificates/none/redactions", Holder, Writing.RegistrarKey, "not-found");
        await app.RefusedAsync("POST", "/v1/agreements/none/redactions", """{ "members": ["signatories"], "reason": "x" }""", Writing.RegistrarKey, "not-found");
        await app.RefusedAsync("POST", "/v1/objections/none/redactions", """{ "members": ["text"], "reason": "x" }""", Writing.RegistrarKey, "not-found");
    }

    /// <summary>A certificate whose holder is in each place where one can be: versions by hand and by a register, and an answer kept for a repeated request.</summary>
    /// <returns>Its address.</returns>
    protected async Task<string> GivenAsync(string scheme, string holder)
    {
        var key = await app.SchemeAsync(scheme);
        var certificate = $$"""{ "scheme": "{{scheme}}", "number": "P-1", "validFrom": "2024-01-01", "holder": "{{holder}} Planks", "products": [{ "brand": "Plank", "model": "{{scheme}}" }] }""";
        var known = (await app.GetAsync($"/v1/certificates?scheme={scheme}&number=P-1")).GetProperty("items");
        if (known.GetArrayLength() > 0)
        {
            return "/v1/certificates/" + known[0].Text("id"); // given by the case before
        }

        var address = "/v1/certificates/" + (await app.WriteAsync("POST", "/v1/certificates", certificate, key)).Text("id");
        using var register = await app.Client.SendAsync(
            "PATCH",
            $"/v1/schemes/{scheme}/register",
            $$"""
            { "number": "Ｐ-1", "validFrom": "2024-01-01", "validUntil": "2099-12-31", "holder": "{{holder}} Planks", "products": [{ "brand": "Plank", "model": "{{scheme}}" }] }
            { "number": "P-2", "validFrom": "2024-01-01", "holder": "Somebody else" }
            """,
            key,
            ("Content-Type", "application/x-ndjson"));
        Assert.True(register.IsSuccessStatusCode, await register.Content.ReadAsStringAsync());
        await app.WriteAsync("POST", address + "/events", """{ "type": "suspended", "effective": "2025-01-01" }""", key);
        await app.RefusedAsync(
            "POST", "/v1/objections", Objecting.Body($"/v1/certificates/{holder} Planks", "x"), key, "unknown-resource", ("Idempotency-Key", "kept-" + scheme));
        return address;
    }

    /// <summary>Every column of every table that holds the text, whatever its case.</summary>
    protected static async Task<List<string>> HoldingAsync(string database, string text)
    {
        await using var source = Engines.Open(database);
        await using var db = await source.OpenConnectionAsync();
        await using var tx = await db.BeginReadAsync(default);
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var table in await Migrations.TablesAsync(db, tx, Engines.Of(database)))
        {
            await using var rows = await db.ExecuteReaderAsync($"select * from {table}", transaction: tx);
            while (await rows.ReadAsync())
            {
                for (var i = 0; i < rows.FieldCount; i++)
                {
                    if (rows.GetValue(i) is string value && value.Contains(text, StringComparison.OrdinalIgnoreCase))
                    {
                        found.Add($"{table}.{rows.GetName(i)}");
                    }
                }
            }
        }

        return [.. found];
    }
}
