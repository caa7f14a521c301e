using System.Text.Json;
using System.Text.Json.Nodes;
using EcoLabelRegistry.Certificates;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Registers;
using EcoLabelRegistry.Tests.CommandLine;
using static EcoLabelRegistry.Tests.SmallRegistry;

namespace EcoLabelRegistry.Tests.Changes;

public sealed class SqliteVerifyChanges(EmptySqliteRegistry app) : VerifyChangesTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlVerifyChanges(EmptyPostgreSqlRegistry app) : VerifyChangesTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

/// <summary>A log of twelve entries: seven that make the small registry, four certificates (8 to 11), a register of three rows (12).</summary>
public abstract class VerifyChangesTests(RegistryApp app) : IAsyncLifetime
{
    private const int Certificates = 8;
    private const int Register = 12;

    public async Task InitializeAsync()
    {
        await app.FillAsync();
        foreach (var i in Enumerable.Range(1, 4))
        {
            await app.RegisterAsync(Certificate($"L-{i}", products: Product("Acme", $"Log {i}")));
        }

        CertificateBody[] rows = [Certificate("R-1"), Certificate("R-2"), Certificate("R-3")];
        await app.SendAsync(new ImportRegister.Request("beta", rows, null, Actor.Registrar));
        await app.ExecuteAsync("create table if not exists kept_change as select * from change");
        await app.ExecuteAsync("create table if not exists kept_item as select * from change_item");
    }

    public async Task DisposeAsync()
    {
        await app.ExecuteAsync("delete from change_item");
        await app.ExecuteAsync("delete from change");
        await app.ExecuteAsync("insert into change select * from kept_change");
        await app.ExecuteAsync("insert into change_item select * from kept_item");
    }

    [Fact]
    public async Task An_untouched_log_verifies()
    {
        var proof = await app.GetAsync("/v1/changes/verify");

        Assert.True(proof.GetProperty("valid").GetBoolean(), proof.ToString());
        Assert.Equal(Register, proof.GetProperty("revision").GetInt32());
        Assert.Equal(await app.ScalarAsync<string>("select hash from change where revision = 12"), proof.Text("head"));
    }

    [Theory]
    [InlineData(8, "update change set data = replace(data, 'Painter', 'Pointer') where revision = 8")]
    [InlineData(9, "update change set data = replace(data, '\"L-2\"', '\"L-9\"') where revision = 9")]
    [InlineData(9, "update change set data = data || ' ' where revision = 9")]
    [InlineData(9, "update change set data = replace(data, '{\"holder\"', '{\"a\":1,\"holder\"') where revision = 9")]
    [InlineData(9, "update change set data = replace(data, '\"number\":\"L-2\"', '\"number\":\"L-2\",\"number\":\"L-2\"') where revision = 9")]
    [InlineData(9, "update change set data = substr(data, 2) where revision = 9")]
    [InlineData(9, "update change set data = 'null' where revision = 9")]
    [InlineData(9, "update change set data = '[]' where revision = 9")]
    [InlineData(9, "update change set salts = 'null' where revision = 9")]
    [InlineData(9, "update change set salts = '{}' where revision = 9")]
    [InlineData(9, "update change set salts = (select salts from kept_change where revision = 10) where revision = 9")]
    [InlineData(10, "update change set at = replace(at, 'Z', '0Z') where revision = 10")]
    [InlineData(10, "update change set actor = 'body:bureau' where revision = 10")]
    [InlineData(10, "update change set type = 'certificate-get' where revision = 10")]
    [InlineData(10, "update change set subject = subject || '0' where revision = 10")]
    [InlineData(10, "update change set digest = (select digest from kept_change where revision = 9) where revision = 10")]
    [InlineData(10, "update change set previous_hash = (select hash from kept_change where revision = 8) where revision = 10")]
    [InlineData(10, "update change set hash = (select hash from kept_change where revision = 9) where revision = 10")]
    [InlineData(1, "delete from change where revision = 1")]
    [InlineData(9, "delete from change where revision = 9")]
    [InlineData(11, "update change set revision = revision + 1000 where revision = 11")]
    [InlineData(9, "update change set revision = case revision when 9 then 1000 else revision end; update change set revision = 9 where revision = 10; update change set revision = 10 where revision = 1000")]
    [InlineData(13, "insert into change select 13, at, actor, type, subject, data, salts, digest, previous_hash, hash from kept_change where revision = 11")]
    [InlineData(12, "update change set data = replace(data, '\"created\":3', '\"created\":4') where revision = 12")]
    [InlineData(12, "update change_item set data = replace(data, 'R-2', 'R-9') where place = 2")]
    [InlineData(12, "update change_item set data = replace(data, '2024-01-01', '2024-01-02') where place = 3")]
    [InlineData(12, "update change_item set data = 'null' where place = 2")]
    [InlineData(12, "update change_item set digest = (select digest from kept_item where place = 1) where place = 2")]
    [InlineData(12, "delete from change_item where place = 3")]
    [InlineData(12, "update change_item set place = 9 where place = 1")]
    [InlineData(12, "insert into change_item select revision, 4, data, salts, digest from kept_item where place = 1")]
    [InlineData(9, "insert into change_item select 9, 1, data, salts, digest from kept_item where place = 1")]
    public async Task What_was_changed_by_hand_is_found_at_its_revision(int firstBad, string byHand)
    {
        var before = await app.GetAsync("/v1/changes/verify");
        Assert.True(before.GetProperty("valid").GetBoolean());

        await app.ExecuteAsync(byHand);

        var proof = await app.GetAsync("/v1/changes/verify");
        Assert.False(proof.GetProperty("valid").GetBoolean());
        Assert.Equal(firstBad, proof.GetProperty("firstBad").GetInt32());
        Assert.Equal(
            await app.ScalarAsync<string>("select hash from kept_change where revision = @Last", new { Last = firstBad - 1 }) ?? new string('0', 64), proof.Text("head"));
        await AssertVerifyNamesAsync(firstBad);
    }

    [Theory]
    [InlineData("change", "revision = 9", 9)]
    [InlineData("change_item", "place = 2", 12)]
    public async Task One_character_changed_in_any_column_is_found_at_its_revision(string table, string row, int firstBad)
    {
        string[] columns = table == "change" ? ["at", "actor", "type", "subject", "data", "salts", "digest", "previous_hash", "hash"] : ["data", "salts", "digest"];
        foreach (var column in columns)
        {
            var text = (await app.ScalarAsync<string>($"select {column} from {table} where {row}"))!;
            foreach (var place in new[] { 0, text.Length / 2, text.Length - 1 })
            {
                var other = text[..place] + (text[place] == '0' ? '1' : '0') + text[(place + 1)..];
                await app.ExecuteAsync($"update {table} set {column} = @Other where {row}", new { Other = other });
                Assert.Equal(firstBad, (await app.GetAsync("/v1/changes/verify")).GetProperty("firstBad").GetInt32());
                await AssertVerifyNamesAsync(firstBad);
            }

            await app.ExecuteAsync($"update {table} set {column} = @Text where {row}", new { Text = text });
        }
    }

    [Fact]
    public async Task A_proof_is_never_taken_from_a_cache()
    {
        using var first = await app.Client.GetAsync("/v1/changes/verify");
        await app.ExecuteAsync("update change set actor = 'body:bureau' where revision = 10");

        using var again = new HttpRequestMessage(HttpMethod.Get, "/v1/changes/verify");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using var second = await app.Client.SendAsync(again);
        Assert.Equal(System.Net.HttpStatusCode.OK, second.StatusCode);
        Assert.False(JsonElement.Parse(await second.Content.ReadAsStringAsync()).GetProperty("valid").GetBoolean());
    }

    [Theory]
    [InlineData("change", "revision = 8", Certificates)]
    [InlineData("change_item", "place = 2", Register)]
    public async Task A_personal_member_can_be_redacted_and_nothing_can_be_put_in_its_place(string table, string row, int revision)
    {
        var data = JsonNode.Parse((await app.ScalarAsync<string>($"select data from {table} where {row}"))!)!.AsObject();
        var salts = JsonNode.Parse((await app.ScalarAsync<string>($"select salts from {table} where {row}"))!)!.AsObject();
        Assert.Equal("Painter Ltd", (string?)data["holder"]);

        data["holder"] = null;
        salts["/holder"]!.AsObject().Remove("salt");
        await WriteAsync();
        Assert.True((await app.GetAsync("/v1/changes/verify")).GetProperty("valid").GetBoolean());

        data["holder"] = "Somebody Else";
        await WriteAsync();
        Assert.Equal(revision, (await app.GetAsync("/v1/changes/verify")).GetProperty("firstBad").GetInt32());

        data.Remove("holder");
        await WriteAsync();
        Assert.Equal(revision, (await app.GetAsync("/v1/changes/verify")).GetProperty("firstBad").GetInt32());

        Task WriteAsync() => app.ExecuteAsync(
            $"update {table} set data = @Data, salts = @Salts where {row}", new { Data = CanonicalJson.Text(data), Salts = CanonicalJson.Text(salts) });
    }

    /// <summary>The command says the same, from the database alone.</summary>
    private async Task AssertVerifyNamesAsync(int firstBad)
    {
        var called = await Called.WithAsync("verify", Called.On(app.Database));
        Assert.Equal(1, called.ExitCode);
        Assert.Contains($"revision {firstBad} is not as it was written", called.Output, StringComparison.Ordinal);
    }
}
