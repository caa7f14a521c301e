using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace EcoLabelRegistry.Tests.Http;

/// <summary>What the whole service promises to programs.</summary>
[Collection(SqliteReference.Name)]
public sealed class ContractTests(SqliteRegistry app)
{
    private const string Update = "REGISTRY_UPDATE_CONTRACT=1 dotnet test tests/EcoLabelRegistry.Tests --filter FullyQualifiedName~ContractTests";

    [Fact]
    public async Task The_contract_served_is_the_one_published()
    {
        var served = (await app.Client.GetStringAsync("/openapi/v1.json")).ReplaceLineEndings("\n") + "\n";
        var file = Published();
        if (Environment.GetEnvironmentVariable("REGISTRY_UPDATE_CONTRACT") == "1")
        {
            await File.WriteAllTextAsync(file, served);
        }

        var published = File.Exists(file) ? (await File.ReadAllTextAsync(file)).ReplaceLineEndings("\n") : string.Empty;
        Assert.True(served == published, $"openapi/ecolabel-registry.v1.json is not what is served. First difference:\n{Difference(published, served)}\nTo publish: {Update}");
    }

    [Fact]
    public void Every_operation_has_an_example_that_reads_back() =>
        OpenApiTests.AssertExamplesRead(app.Services.GetRequiredService<EndpointDataSource>().Endpoints);

    [Fact]
    public async Task Every_operation_has_a_name_of_its_own_a_summary_and_a_described_group()
    {
        var contract = await app.GetAsync("/openapi/v1.json");
        var operations = contract.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Select(method => method.Value).ToList();
        var described = contract.GetProperty("tags").EnumerateArray().Where(tag => tag.TryGetProperty("description", out _)).Select(tag => tag.GetProperty("name").GetString()).ToList();
        Assert.Equal(operations.Count, operations.Select(operation => operation.GetProperty("operationId").GetString()).Distinct(StringComparer.Ordinal).Count());
        Assert.All(operations, operation =>
        {
            Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
            Assert.Contains(operation.GetProperty("tags")[0].GetString(), described);
        });
    }

    [Fact]
    public async Task Every_parameter_is_described_and_has_an_example()
    {
        var contract = await app.GetAsync("/openapi/v1.json");
        foreach (var parameter in contract.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject())
            .SelectMany(method => method.Value.TryGetProperty("parameters", out var all) ? all.EnumerateArray().ToList() : [])
            .Where(parameter => parameter.TryGetProperty("name", out _))
            .Concat(contract.GetProperty("components").GetProperty("parameters").EnumerateObject().Select(shared => shared.Value)))
        {
            Assert.True(parameter.TryGetProperty("description", out _), parameter.ToString());
            Assert.True(parameter.TryGetProperty("example", out _) != parameter.GetProperty("schema").TryGetProperty("examples", out _), parameter.ToString());
        }
    }

    /// <summary>The pages to try the API out fill in the example of a parameter as its value.</summary>
    [Fact]
    public async Task The_examples_that_a_first_question_is_made_of_have_an_answer()
    {
        var contract = await app.GetAsync("/openapi/v1.json");
        foreach (var path in contract.GetProperty("paths").EnumerateObject().Where(path => path.Value.TryGetProperty("get", out var read) && !read.NeedsKey()))
        {
            var parameters = path.Value.GetProperty("get").TryGetProperty("parameters", out var all) ? all.EnumerateArray().ToList() : [];
            var (address, query) = (path.Name, "");
            foreach (var parameter in parameters.Where(parameter => parameter.TryGetProperty("example", out _)))
            {
                var (name, example) = (parameter.GetProperty("name").GetString()!, Uri.EscapeDataString(parameter.GetProperty("example").ToString()));
                address = address.Replace($"{{{name}}}", example, StringComparison.Ordinal);
                query += parameter.GetProperty("in").GetString() == "query" ? $"&{name}={example}" : "";
            }

            // An import or an objection is there only where one was made; its example shows its form.
            if (path.Name is "/v1/imports/{id}" or "/v1/objections/{id}" or "/v1/objections/{id}/history")
            {
                continue;
            }

            using var answer = await app.Client.GetAsync(address + (query.Length > 0 ? "?" + query[1..] : ""));
            Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode} {answer.RequestMessage!.RequestUri}");
        }
    }

    [Fact]
    public void Every_address_of_the_contract_reads_its_parameters_strictly() => Assert.All(
        app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal)),
        endpoint => Assert.Contains(endpoint.Metadata, m => m.GetType().Name is "ParametersMetadata" or "NoParameters"));

    private static string Difference(string published, string served)
    {
        var (before, now) = (published.Split('\n'), served.Split('\n'));
        var line = before.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"line {line + 1}\n- {before.ElementAtOrDefault(line)}\n+ {now.ElementAtOrDefault(line)}";
    }

    // The path of this file would not do: a build in CI hides where it was made.
    private static string Published() => Path.Combine(Project.Root, "openapi", "ecolabel-registry.v1.json");
}
