using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace EcoLabelRegistry.Tests.Changes;

[Collection(SqliteReference.Name)]
public sealed class SqliteListChanges(SqliteRegistry app) : ListChangesTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlListChanges(PostgreSqlRegistry app) : ListChangesTests(app);

public abstract class ListChangesTests(RegistryApp app)
{
    [Fact]
    public async Task The_log_is_read_oldest_first_without_gaps_and_says_who_wrote_what()
    {
        var changes = await app.AllAsync("/v1/changes?limit=300");

        Assert.Equal(Enumerable.Range(1, changes.Count).Select(i => (long)i), changes.Select(c => c.GetProperty("revision").GetInt64()));
        Assert.Equal(await app.RevisionAsync(), changes.Count);
        Assert.All(changes, change => Assert.Matches("^(registrar|body:sample-.+)$", change.Text("actor"))); // nobody signs here for a real body
        var scheme = Assert.Single(changes, change => change.Text("subject") == "/v1/schemes/cel");
        Assert.Equal("scheme-put", scheme.Text("type"));
        Assert.Equal("cel", scheme.GetProperty("data").Text("code"));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$", scheme.Text("at"));
    }

    [Fact]
    public async Task What_comes_after_a_revision_is_asked_for_by_its_number()
    {
        var page = await app.GetAsync("/v1/changes?after=10&limit=2");
        var newest = await app.RevisionAsync();

        Assert.Equal([11, 12], page.GetProperty("items").EnumerateArray().Select(c => c.GetProperty("revision").GetInt32()));
        Assert.Equal(13, (await app.GetAsync($"/v1/changes?after=10&limit=2&cursor={page.Text("next")}")).GetProperty("items")[0].GetProperty("revision").GetInt32());
        Assert.Empty((await app.GetAsync($"/v1/changes?after={newest}")).GetProperty("items").EnumerateArray());
        Assert.Empty((await app.GetAsync($"/v1/changes?after={long.MaxValue}")).GetProperty("items").EnumerateArray());
    }

    [Theory]
    [InlineData("/v1/changes?after=-1", "invalid")]
    [InlineData("/v1/changes?after=x", "invalid")]
    [InlineData("/v1/changes/verify?revision=1", "unknown-parameter")]
    public async Task What_does_not_exist_is_said(string address, string code) => Assert.Equal(code, (await app.GetAsync(address)).Text("code"));

    [Fact]
    public async Task The_chain_of_the_reference_registry_verifies()
    {
        var proof = await app.GetAsync("/v1/changes/verify");
        var last = await app.GetAsync($"/v1/changes/{await app.RevisionAsync()}");

        Assert.True(proof.GetProperty("valid").GetBoolean());
        Assert.Equal(last.Text("hash"), proof.Text("head"));
        Assert.Equal(last.GetProperty("revision").GetInt64(), proof.GetProperty("revision").GetInt64());
        Assert.Equal(JsonValueKind.Null, proof.GetProperty("firstBad").ValueKind);
    }

    [Fact]
    public async Task Whoever_has_the_log_alone_can_prove_it_as_its_description_says()
    {
        var head = new string('0', 64);
        foreach (var change in await app.AllAsync("/v1/changes?limit=1000"))
        {
            var data = change.GetProperty("data");
            Assert.Equal(head, change.Text("previousHash"));
            Assert.Equal(Sha256(Canonical(data, change.GetProperty("salts"), "")), change.Text("digest"));
            head = Sha256(string.Join('\n', head, change.GetProperty("revision"), change.Text("at"), change.Text("actor"), change.Text("type"), change.Text("subject"), change.Text("digest")));
            Assert.Equal(head, change.Text("hash"));
            if (change.Text("type") == "register-imported")
            {
                var rows = await app.AllAsync($"/v1/changes/{change.GetProperty("revision")}/items?limit=1000");
                Assert.All(rows, row => Assert.Equal(Sha256(Canonical(row.GetProperty("data"), row.GetProperty("salts"), "")), row.Text("digest")));
                Assert.Equal(Sha256(string.Concat(rows.Select(row => row.Text("digest") + "\n"))), data.Text("digest"));
            }
        }
    }

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    // Written from the description, and not with the service's own means.
    private static string Canonical(JsonElement value, JsonElement salts, string pointer)
    {
        if (salts.TryGetProperty(pointer, out var salted))
        {
            var digest = Sha256(salted.Text("salt") + Canonical(value, JsonElement.Parse("{}"), ""));
            Assert.Equal(salted.Text("digest"), digest);
            return $"\"{digest}\"";
        }

        return value.ValueKind switch
        {
            JsonValueKind.Object => "{" + string.Join(',', value.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal)
                .Select(m => $"{Quoted(m.Name)}:{Canonical(m.Value, salts, $"{pointer}/{m.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}")}")) + "}",
            JsonValueKind.Array => "[" + string.Join(',', value.EnumerateArray().Select((item, i) => Canonical(item, salts, $"{pointer}/{i}"))) + "]",
            JsonValueKind.String => Quoted(value.GetString()!),
            JsonValueKind.Number => value.GetDecimal().ToString("0.############################", CultureInfo.InvariantCulture),
            _ => value.GetRawText(),
        };
    }

    private static string Quoted(string text) => "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal) + "\"";
}
