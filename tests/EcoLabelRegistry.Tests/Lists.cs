using System.Text.Json;

namespace EcoLabelRegistry.Tests;

/// <summary>Reads lists as a client does.</summary>
public static class Lists
{
    /// <summary>The items of every page after the cursor, to the end of the list.</summary>
    public static async Task<List<JsonElement>> AllAsync(this RegistryApp app, string address, string? cursor = null)
    {
        var items = new List<JsonElement>();
        do
        {
            var page = await app.GetAsync(cursor is null ? address : $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}cursor={cursor}");
            Assert.True(page.TryGetProperty("items", out var rows), page.ToString());
            items.AddRange(rows.EnumerateArray());
            cursor = page.Text("next");
        }
        while (cursor is not null);
        return items;
    }

    /// <summary>A member's texts.</summary>
    public static List<string?> Texts(this JsonElement element, string list) => [.. element.GetProperty(list).EnumerateArray().Select(item => item.GetString())];

    /// <summary>The codes of a list.</summary>
    public static List<string?> Codes(this JsonElement element, string list) => element.Texts(list, "code");
}
