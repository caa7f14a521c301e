using System.Net;

namespace EcoLabelRegistry.Tests.LabelBodies;

[Collection(SqliteReference.Name)]
public sealed class SqliteGetLabelBody(SqliteRegistry app) : GetLabelBodyTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlGetLabelBody(PostgreSqlRegistry app) : GetLabelBodyTests(app);

public abstract class GetLabelBodyTests(RegistryApp app)
{
    [Fact]
    public async Task A_renamed_body_names_the_one_that_it_succeeded() =>
        Assert.Equal("aela", (await app.GetAsync("/v1/label-bodies/geca")).Text("successorOf"));

    [Fact]
    public async Task A_body_that_is_not_on_record_is_not_found() => Assert.Equal("not-found", (await app.GetAsync("/v1/label-bodies/no-such")).Text("code"));

    [Fact]
    public async Task It_is_sent_again_only_when_it_was_written_again()
    {
        var tag = (await app.SendAsync("/v1/label-bodies/geca", "application/json")).Headers.ETag!;
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/label-bodies/geca");
        request.Headers.IfNoneMatch.Add(tag);
        request.Headers.AcceptLanguage.ParseAdd("en");

        Assert.StartsWith($"\"r{(await app.GetAsync("/v1/label-bodies/geca")).GetProperty("revision").GetInt64()}.", tag.Tag, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotModified, (await app.Client.SendAsync(request)).StatusCode);
    }
}
