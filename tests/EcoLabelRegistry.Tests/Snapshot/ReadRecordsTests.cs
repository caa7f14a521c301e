using System.Globalization;
using System.Net;
using System.Text.Json;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.LabelBodies;
using MediatR;

namespace EcoLabelRegistry.Tests.Snapshot;

[Collection(SqliteReference.Name)]
public sealed class SqliteReadRecords(SqliteRegistry app) : ReadRecordsTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlReadRecords(PostgreSqlRegistry app) : ReadRecordsTests(app);

/// <summary>What all lists and records have in common.</summary>
public abstract class ReadRecordsTests(RegistryApp app)
{
    public static TheoryData<string, string> Lists => new()
    {
        { "/v1/schemes", "code" },
        { "/v1/label-bodies", "code" },
        { "/v1/categories", "code" },
        { "/v1/standards", "id" },
        { "/v1/agreements", "code" },
        { "/v1/policies", "code" },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_list_read_page_by_page_is_the_whole_list_once_in_ordinal_order(string list, string key)
    {
        var read = new List<string?>();
        var address = $"{list}?limit=17";
        while (address is not null)
        {
            using var response = await app.Client.GetAsync(address);
            using var page = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
            read.AddRange(page.RootElement.Items().Texts(key));
            var next = page.RootElement.Text("next");
            Assert.Equal(next is not null, response.Headers.TryGetValues("Link", out var link));
            address = next is null ? null : link!.Single().Split('<', '>')[1];
            Assert.EndsWith(next ?? "", address ?? "", StringComparison.Ordinal);
        }

        var whole = await app.GetAsync($"{list}?limit=1000");
        Assert.Null(whole.Text("next"));
        Assert.Equal(whole.Items().Texts(key), read);
        Assert.True(read.Count > 17);
        Assert.Equal(read.Order(StringComparer.Ordinal), read);
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task What_a_list_shows_of_a_record_its_own_address_shows(string list, string key)
    {
        var date = list is "/v1/standards" or "/v1/agreements" or "/v1/policies" ? "asOf=2016-05-04&" : "";
        foreach (var row in (await app.GetAsync($"{list}?{date}limit=5")).Items())
        {
            var one = System.Text.Json.Nodes.JsonNode.Parse((await app.GetAsync($"{list}/{row.Text(key)}?{date}".TrimEnd('&', '?'))).GetRawText())!.AsObject();
            one.Remove("objectionCount");
            one.Remove("objections"); // what others say of it is shown beside it, at its own address alone
            Assert.True(JsonElement.DeepEquals(row, JsonSerializer.SerializeToElement(one)), one.ToJsonString());
        }
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_record_is_known_from_the_revision_that_wrote_it_on(string list, string key)
    {
        var one = (await app.GetAsync($"{list}?limit=1")).Items()[0];
        var address = $"{list}/{one.Text(key)}?knownAt=";
        var revision = one.GetProperty("revision").GetInt64();

        Assert.Equal("not-found", (await app.GetAsync(address + (revision - 1).ToString(CultureInfo.InvariantCulture))).Text("code"));
        Assert.Equal(one.Text(key), (await app.GetAsync(address + revision.ToString(CultureInfo.InvariantCulture))).Text(key));
        var before = await app.GetAsync($"{list}?limit=1000&knownAt={revision - 1}");
        Assert.DoesNotContain(one.Text(key), before.Items().Texts(key));
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task An_address_that_names_nothing_is_not_found_and_a_list_refuses_what_it_does_not_know(string list, string key)
    {
        Assert.NotEmpty(key);
        using var missing = await app.Client.GetAsync($"{list}/no-such-{key}");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        foreach (var (wrong, code) in new[]
        {
            ("limit=0", "invalid"), ("limit=1001", "invalid"), ("cursor=AAAA", "invalid-cursor"), ("sort=name", "unknown-parameter"),
            ("knownAt=999999999", "not-yet-known"),
        })
        {
            Assert.Equal(code, (await app.GetAsync($"{list}?{wrong}")).Text("code"));
        }

        var foreign = (await app.GetAsync($"{list}?limit=1")).Text("next");
        var other = list == "/v1/schemes" ? "/v1/policies" : "/v1/schemes";
        Assert.Equal("invalid-cursor", (await app.GetAsync($"{other}?limit=1&cursor={foreign}")).Text("code"));
    }

    [Theory]
    [InlineData("/v1/schemes?body=gecca", "unknown-label-body", "geca")]
    [InlineData("/v1/schemes?parent=sgsl", "unknown-scheme", "sgls")]
    [InlineData("/v1/categories?parent=it.imagin", "unknown-category", "it.imaging")]
    [InlineData("/v1/standards?scheme=eco-marc", "unknown-scheme", "eco-mark")]
    [InlineData("/v1/standards?category=coating", "unknown-category", "coatings")]
    [InlineData("/v1/agreements?party=nordic-swann", "unknown-scheme", "nordic-swan")]
    [InlineData("/v1/agreements?category=it.imagin", "unknown-category", "it.imaging")]
    [InlineData("/v1/policies?accepts=energystar-1", "unknown-scheme", "energy-star")]
    [InlineData("/v1/recognitions?recogniser=cle", "unknown-recogniser", "cel")]
    [InlineData("/v1/recognitions?recogniser=body:gecca", "unknown-recogniser", "body:geca")]
    [InlineData("/v1/recognitions?recognised=eco-marc", "unknown-scheme", "eco-mark")]
    [InlineData("/v1/recognitions?category=it.imagin", "unknown-category", "it.imaging")]
    [InlineData("/v1/network?category=it.imagin", "unknown-category", "it.imaging")]
    [InlineData("/v1/standards/compare?held=cel-hj-2357&wanted=cel-hj-2537", "unknown-standard", "cel-hj-2537")]
    public async Task A_filter_that_names_nothing_is_refused_with_what_it_may_have_meant(string address, string code, string meant)
    {
        var problem = await app.GetAsync(address);

        Assert.Equal((422, code), (problem.GetProperty("status").GetInt32(), problem.Text("code")));
        Assert.Contains(meant, problem.GetProperty("suggestions").EnumerateArray().Select(s => s.GetString()));
    }

    [Theory]
    [InlineData("/v1/schemes?country=XX")]
    [InlineData("/v1/schemes?isoType=IV")]
    [InlineData("/v1/schemes?kind=label")]
    [InlineData("/v1/schemes?q=")]
    [InlineData("/v1/label-bodies?country=Germany")]
    [InlineData("/v1/policies?jurisdiction=china")]
    [InlineData("/v1/agreements?standing=alive")]
    [InlineData("/v1/agreements?asOf=0001-01-01")]
    [InlineData("/v1/recognitions?level=full")]
    [InlineData("/v1/standards/compare?held=cel-hj-2537")]
    public async Task A_value_that_no_filter_has_is_refused(string address)
    {
        var problem = await app.GetAsync(address);
        Assert.Equal((400, "invalid"), (problem.GetProperty("status").GetInt32(), problem.Text("code")));
    }

    [Fact]
    public async Task A_record_that_shows_only_what_was_written_is_held_until_it_is_written_again()
    {
        using var first = await app.Client.GetAsync("/v1/schemes/cel");
        var tag = first.Headers.ETag!.Tag;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/schemes/cel");
        request.Headers.IfNoneMatch.ParseAdd(tag);
        using var again = await app.Client.SendAsync(request);

        Assert.StartsWith("\"r", tag, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        using var computed = await app.Client.GetAsync("/v1/agreements/cel-ecomark-2005");
        Assert.Matches("^\"r[0-9]+\\.c[0-9]+\\.[0-9]{8}\\.", computed.Headers.ETag!.Tag);
    }
}

public sealed class SqliteListsAndWrites(EmptySqliteRegistry app) : ListsAndWritesTests(app), IClassFixture<EmptySqliteRegistry>;

public sealed class PostgreSqlListsAndWrites(EmptyPostgreSqlRegistry app) : ListsAndWritesTests(app), IClassFixture<EmptyPostgreSqlRegistry>;

public abstract class ListsAndWritesTests(RegistryApp app)
{
    [Fact]
    public async Task What_is_written_between_two_pages_is_on_neither_and_a_list_of_then_shows_what_stood_then()
    {
        foreach (var code in new[] { "a", "c", "e" })
        {
            await PutAsync(code, code);
        }

        var first = await app.GetAsync("/v1/label-bodies?limit=2");
        var last = await PutAsync("d", "d");
        await PutAsync("e", "renamed");

        var second = await app.GetAsync($"/v1/label-bodies?limit=2&cursor={first.Text("next")}");
        Assert.Equal(["a", "c"], first.Items().Texts("code"));
        Assert.Equal(["e"], second.Items().Texts("code"));
        Assert.Equal("e", second.Items()[0].GetProperty("names").Text("en"));
        Assert.Equal(["a", "c", "d", "e"], (await app.GetAsync("/v1/label-bodies")).Items().Texts("code"));
        Assert.Equal("e", (await app.GetAsync($"/v1/label-bodies/e?knownAt={last.Revision}")).GetProperty("names").Text("en"));
        Assert.Equal("renamed", (await app.GetAsync("/v1/label-bodies/e")).GetProperty("names").Text("en"));
    }

    private Task<Written> PutAsync(string code, string name) => app.WithAsync<IMediator, Written>(mediator => mediator.Send(
        new PutLabelBody.Request(new() { Code = code, Names = new Dictionary<string, string>(StringComparer.Ordinal) { ["en"] = name } }, Actor.Registrar)));
}
