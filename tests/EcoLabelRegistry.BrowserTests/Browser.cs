using System.Collections.Concurrent;
using EcoLabelRegistry.Tests;
using Microsoft.Playwright;

namespace EcoLabelRegistry.BrowserTests;

/// <summary>One Chromium and one service with the reference registry, shared by the tests that read.</summary>
public class Browser : SqliteRegistry
{
    // Milliseconds that something may take to be seen, on a machine that does much besides.
    private const float Patience = 30_000;

    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    /// <summary>Where the service listens, without a slash at the end.</summary>
    public string Site { get; private set; } = "";

    /// <summary>Where screenshots are kept for people to look at; never committed.</summary>
    public static string Screenshots { get; } = Path.Combine(Project.Root, "artifacts", "screenshots");

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Site = Client.BaseAddress!.ToString().TrimEnd('/');
        Directory.CreateDirectory(Screenshots);
        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(Patience);
        _browser = await LaunchAsync();
    }

    public override async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>A reader with a browser of his own.</summary>
    public async Task<Reader> ReaderAsync(string language = "en", int width = 1280, bool scripts = true)
    {
        if (!_browser.IsConnected)
        {
            _browser = await LaunchAsync(); // the one before has crashed, and has failed the test that saw it; the others are not its victims
        }

        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = Site,
            Locale = language == "en" ? "en-GB" : "zh-CN",
            ViewportSize = new() { Width = width, Height = 900 },
            JavaScriptEnabled = scripts,
            ColorScheme = ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(Patience);
        return new Reader(context, await context.NewPageAsync(), Site);
    }

    private Task<IBrowser> LaunchAsync() => _playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Environment.GetEnvironmentVariable("REGISTRY_TEST_CHROMIUM") ?? "/usr/bin/chromium",
        Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
    });

    // The path of this file would not do: a build in CI hides where it was made.
}

/// <summary>Somebody who reads; whatever goes wrong in his browser is kept.</summary>
public sealed class Reader : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _wrongs = new();

    public Reader(IBrowserContext context, IPage page, string site)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _wrongs.Enqueue($"console: {message.Text}");
            }
        };
        page.PageError += (_, error) => _wrongs.Enqueue($"script: {error}");
        page.RequestFailed += (_, request) => _wrongs.Enqueue($"failed: {request.Url} {request.Failure}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(site + "/", StringComparison.Ordinal) && request.Url != "about:blank")
            {
                _wrongs.Enqueue($"elsewhere: {request.Url}");
            }
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
            {
                _wrongs.Enqueue($"{response.Status}: {response.Url}");
            }
        };
    }

    /// <summary>The tab.</summary>
    public IPage Page { get; }

    /// <summary>Script errors, failed requests, answers of 400 and above, and addresses outside the service.</summary>
    public IReadOnlyCollection<string> Wrongs => _wrongs;

    /// <summary>Goes to an address of the service.</summary>
    public async Task<Reader> GoAsync(string address)
    {
        await Page.GotoAsync(address);
        return this;
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class ReadingCollection : ICollectionFixture<Browser>
{
    public const string Name = "a browser and the reference registry";
}

/// <summary>One Chromium and one service with an empty registry, for tests that write what they need.</summary>
public sealed class WritingBrowser : Browser
{
    protected override string Seed => "none";
}
