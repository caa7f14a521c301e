using System.Text;
using System.Text.Json;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace EcoLabelRegistry.Tests.Http;

public sealed class OpenApiTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task An_operation_is_described_by_the_comments_of_its_slice()
    {
        var operation = (await ContractAsync()).GetProperty("paths").GetProperty("/v1/shelves").GetProperty("get");
        Assert.Equal("ListShelves", operation.GetProperty("operationId").GetString());
        Assert.Equal("Lists the shelves of a shop, a slice that only the tests map.", operation.GetProperty("summary").GetString());
        Assert.Equal("It has a parameter of each kind.", operation.GetProperty("description").GetString());
        Assert.Equal("Operation", operation.GetProperty("tags")[0].GetString());
    }

    [Fact]
    public async Task A_parameter_has_its_comment_its_format_and_an_example()
    {
        var contract = await ContractAsync();
        var parameters = contract.GetProperty("paths").GetProperty("/v1/shelves").GetProperty("get").GetProperty("parameters");
        var level = parameters[0];
        Assert.Equal("Only shelves of this level.", level.GetProperty("description").GetString());
        Assert.Equal("full-scheme", level.GetProperty("schema").GetProperty("examples")[0].GetString());
        Assert.Equal("#/components/schemas/Level", level.GetProperty("schema").GetProperty("$ref").GetString());
        Assert.Equal("date", parameters[1].GetProperty("schema").GetProperty("format").GetString());
        Assert.True(parameters[4].GetProperty("schema").GetProperty("examples")[0].GetBoolean());
        Assert.Equal("#/components/parameters/Limit", parameters[5].GetProperty("$ref").GetString());
        var route = contract.GetProperty("paths").GetProperty("/v1/shelves/{code}").GetProperty("get").GetProperty("parameters")[0];
        Assert.Equal("path", route.GetProperty("in").GetString());
        Assert.NotEmpty(route.GetProperty("example").GetString()!);
        Assert.True(route.GetProperty("required").GetBoolean());
    }

    [Fact]
    public async Task An_answer_has_all_its_members_and_a_body_only_those_required()
    {
        var schemas = (await ContractAsync()).GetProperty("components").GetProperty("schemas");
        Assert.Equal("code level since note inside", Required(schemas.GetProperty("ListShelvesRow")));
        Assert.Equal("code level", Required(schemas.GetProperty("PutUpShelfRequest")));
        Assert.Equal("items next", Required(schemas.GetProperty("ListShelvesRowPage")));
    }

    [Fact]
    public async Task Codes_are_listed_with_their_meaning()
    {
        var level = (await ContractAsync()).GetProperty("components").GetProperty("schemas").GetProperty("Level");
        Assert.Equal(Code.All<Level>(), level.GetProperty("enum").EnumerateArray().Select(code => code.GetString()));
        Assert.Contains("- `evidence`: The certificate as proof of the criteria that it covers.", level.GetProperty("description").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_problem_that_an_operation_declares_has_a_true_example()
    {
        var contract = await ContractAsync();
        var responses = contract.GetProperty("paths").GetProperty("/v1/shelves/{code}").GetProperty("get").GetProperty("responses");
        foreach (var (status, code) in new[] { ("404", "not-found"), ("409", "ambiguous"), ("422", "unknown-scheme"), ("422", "not-yet-known"), ("503", "unavailable") })
        {
            var form = responses.GetProperty(status).GetProperty("content").GetProperty("application/problem+json");
            Assert.Equal("#/components/examples/" + code, form.GetProperty("examples").GetProperty(code).GetProperty("$ref").GetString());
            var example = contract.GetProperty("components").GetProperty("examples").GetProperty(code).GetProperty("value");
            Assert.Equal(code, example.GetProperty("code").GetString());
            Assert.Equal(status, example.GetProperty("status").GetRawText());
        }
    }

    [Fact]
    public async Task The_pages_need_nothing_from_elsewhere()
    {
        var pages = new StringBuilder();
        foreach (var file in new[] { "index.html", "index.js", "index.css" })
        {
            pages.Append(await shop.Http.GetStringAsync("/swagger/" + file));
        }

        Assert.DoesNotMatch("(src|href)=\"(https?:)?//", pages.ToString());
        Assert.Contains("/openapi/v1.json", pages.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_has_an_example_of_its_own_code() => Assert.All(
        Enum.GetValues<ProblemCode>(), code => Assert.Equal(Code.Of(code), (string?)ProblemExamples.Of(code)["code"]));

    [Fact]
    public void Every_example_reads_back_as_the_type_that_its_slice_declares() => AssertExamplesRead(shop.Endpoints);

    /// <summary>Fails for an address of the contract without an example, and for an example that is not of the declared type.</summary>
    internal static void AssertExamplesRead(IEnumerable<Microsoft.AspNetCore.Http.Endpoint> endpoints)
    {
        foreach (var endpoint in endpoints.Where(e => e.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null))
        {
            Assert.True(endpoint.Metadata.GetMetadata<AnswerExample>() is not null, endpoint.DisplayName);
            var answer = endpoint.Metadata.GetMetadata<IProducesResponseTypeMetadata>()?.Type;
            foreach (var example in endpoint.Metadata.OfType<AnswerExample>().Where(e => e.MediaType == "application/json"))
            {
                Assert.NotNull(JsonSerializer.Deserialize(example.Text, answer!, Json.Options));
            }

            foreach (var example in endpoint.Metadata.OfType<BodyExample>().Where(e => e.MediaType == "application/json"))
            {
                Assert.NotNull(JsonSerializer.Deserialize(example.Text, endpoint.Metadata.GetMetadata<BodyMetadata>()!.Type!, Json.Options));
            }
        }
    }

    private static string Required(JsonElement schema) => string.Join(" ", schema.GetProperty("required").EnumerateArray().Select(r => r.GetString()));

    private async Task<JsonElement> ContractAsync() => await (await shop.Http.GetAsync("/openapi/v1.json")).JsonAsync();
}
