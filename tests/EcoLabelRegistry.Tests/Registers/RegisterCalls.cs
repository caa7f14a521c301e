using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using static EcoLabelRegistry.Tests.SmallRegistry;

namespace EcoLabelRegistry.Tests.Registers;

/// <summary>A second server on a database that another one made.</summary>
public sealed class AnotherServer(string database) : RegistryApp
{
    public override string Database => database;

    protected override string Seed => "none";
}

/// <summary>Sends registers as a label body does.</summary>
public static class RegisterCalls
{
    public const string RegistrarKey = Writing.RegistrarKey;

    public const string Ndjson = "application/x-ndjson";

    public const string Csv = "text/csv";

    // The factory's own client keeps a body back until it is whole.
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromMinutes(10) };

    // Everything that a register can change.
    private const string Rows = """
        select (select count(*) from change) || '/' || (select count(*) from change_item) || '/' || (select count(*) from certificate) || '/'
            || (select count(*) from certificate where recorded_until is not null) || '/' || (select count(*) from product_line) || '/'
            || (select count(*) from product_line where recorded_until is not null) || '/' || (select count(*) from product_gtin) || '/'
            || (select count(*) from certificate_number) || '/' || (select revision from registry)
        """;

    /// <summary>A scheme of its own, with a standard under the scheme's code and <c>-1</c>.</summary>
    public static async Task<string> NewSchemeAsync(this RegistryApp app)
    {
        var scheme = "s" + Guid.NewGuid().ToString("n")[..12];
        await app.FillAsync();
        await app.SendAsync(Scheme(scheme));
        await app.SendAsync(Standard(scheme + "-1", scheme));
        return scheme;
    }

    /// <summary>A count of all that there is.</summary>
    public static async Task<string> RowsAsync(this RegistryApp app) => (await app.ScalarAsync<string>(Rows))!;

    /// <summary>Sends a whole register.</summary>
    public static Task<HttpResponseMessage> PutAsync(this RegistryApp app, string scheme, string body, string query = "", string mediaType = Ndjson, string? key = RegistrarKey) =>
        app.SendAsync(HttpMethod.Put, scheme, Text(body, mediaType), query, key);

    /// <summary>Sends what is new in a register.</summary>
    public static Task<HttpResponseMessage> PatchAsync(this RegistryApp app, string scheme, string body, string query = "", string mediaType = Ndjson, string? key = RegistrarKey) =>
        app.SendAsync(HttpMethod.Patch, scheme, Text(body, mediaType), query, key);

    public static async Task<HttpResponseMessage> SendAsync(
        this RegistryApp app, HttpMethod method, string scheme, HttpContent content, string query = "", string? key = RegistrarKey, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(app.Client.BaseAddress!, $"/v1/schemes/{scheme}/register{query}")) { Content = content };
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        if (ifMatch is not null)
        {
            request.Headers.IfMatch.ParseAdd(ifMatch);
        }

        return await Http.SendAsync(request);
    }

    public static HttpContent Text(string body, string mediaType = Ndjson)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        return content;
    }

    /// <summary>A register that was taken.</summary>
    public static async Task<JsonElement> TakenAsync(this Task<HttpResponseMessage> sent)
    {
        using var response = await sent;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == 200, $"{response.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    /// <summary>A register that was refused.</summary>
    public static async Task<JsonElement> RefusedAsync(this Task<HttpResponseMessage> sent, int status, string code)
    {
        using var response = await sent;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{response.StatusCode} {text}");
        var problem = JsonElement.Parse(text);
        Assert.Equal(code, problem.Text("code"));
        return problem;
    }

    /// <summary>created/updated/unchanged/withdrawn.</summary>
    public static string Counts(this JsonElement answer) =>
        string.Join('/', new[] { "created", "updated", "unchanged", "withdrawn" }.Select(member => answer.GetProperty(member).GetInt64()));

    /// <summary>A row of the scheme: a certificate for paint, valid from 2020 on.</summary>
    public static string Row(string number, string more = "") => $$"""{"number":"{{number}}","holder":"Painter Ltd","validFrom":"2020-01-01"{{more}}}""";

    /// <summary>Rows of these numbers.</summary>
    public static string RowsOf(params IEnumerable<string> numbers) => string.Join('\n', numbers.Select(number => Row(number)));

    /// <summary>The standing of a certificate on a day; today unless given.</summary>
    public static async Task<string?> StandingAsync(this RegistryApp app, string scheme, string number, string? asOf = null)
    {
        var found = await app.GetAsync($"/v1/certificates?scheme={scheme}&number={Uri.EscapeDataString(number)}{(asOf is null ? "" : "&asOf=" + asOf)}");
        return Assert.Single(found.Items()).Text("standing");
    }

    /// <summary>The certificate as it is shown.</summary>
    public static Task<JsonElement> CertificateAsync(this RegistryApp app, string scheme, string number) =>
        app.GetAsync("/v1/certificates/" + EcoLabelRegistry.Products.ProductIdentity.CertificateId(scheme, number, null));
}

/// <summary>A body that is sent piece by piece, when the test says so.</summary>
public sealed class SlowBody : HttpContent
{
    private readonly System.Threading.Channels.Channel<string> _pieces = System.Threading.Channels.Channel.CreateUnbounded<string>();

    public SlowBody(string mediaType = RegisterCalls.Ndjson)
    {
        Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
    }

    public void Send(string piece) => _pieces.Writer.TryWrite(piece);

    public void End() => _pieces.Writer.TryComplete();

    public void Break() => _pieces.Writer.TryComplete(new IOException("The connection is broken on purpose."));

    protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
    {
        await foreach (var piece in _pieces.Reader.ReadAllAsync())
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(piece));
            await stream.FlushAsync();
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
