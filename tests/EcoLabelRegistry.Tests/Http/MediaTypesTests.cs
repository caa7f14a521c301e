using EcoLabelRegistry.Http;
using EcoLabelRegistry.Recognition;
using Microsoft.AspNetCore.Http;

namespace EcoLabelRegistry.Tests.Http;

public sealed class MediaTypesTests
{
    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("text/csv", "text/csv")]
    [InlineData("text/*", "text/csv")]
    [InlineData("application/json;q=0.5, text/csv", "text/csv")]
    [InlineData("text/html, application/xhtml+xml, */*;q=0.8", "application/json")]
    [InlineData("text/csv;q=0.9, application/json;q=0.9", "application/json")]
    [InlineData("application/json;q=0, */*;q=0.1", "text/csv")]
    [InlineData("not a media type", "application/json")]
    public void The_form_of_the_highest_weight_is_given_and_of_equal_ones_the_first(string? accept, string chosen)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Accept = accept;
        Assert.Equal(chosen, MediaTypes.Choose(http, "application/json", "text/csv"));
        Assert.Equal("Accept", http.Response.Headers.Vary);
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("text/csv;q=0, application/json;q=0")]
    public void Where_none_is_accepted_those_that_can_be_given_are_named(string accept)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Accept = accept;
        var refusal = Assert.Throws<RefusalException>(() => MediaTypes.Choose(http, "application/json", "text/csv"));
        Assert.Equal("not-acceptable", Code.Of(refusal.ProblemCode));
        Assert.Contains("application/json, text/csv", refusal.Detail.In(Language.English), StringComparison.Ordinal);
    }
}
