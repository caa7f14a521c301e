using System.Text;
using EcoLabelRegistry.Tests;
using Microsoft.Playwright;

namespace EcoLabelRegistry.BrowserTests;

/// <summary>A body sends its register: it sees the wrong cell, mends it, sees what changed, and cannot wipe its scheme by a file that was cut off.</summary>
public sealed class MyRegisterTests(WritingBrowser browser) : IClassFixture<WritingBrowser>
{
    private const string Header = "number,holder,validFrom,brand,model\n";

    private const string Hostile = "<script>window.hit=1</script><img src=x onerror=window.hit=1>";

    [Fact]
    public async Task A_body_tries_mends_and_takes_its_register()
    {
        await using var body = await SignedInAsync("moss");
        var page = body.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "My register" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "moss" }).GetByRole(AriaRole.Link).ClickAsync();
        await Looks.AtAsync(page, "my-register-empty");

        await SendAsync(page, "Take it into the registry", Header + $"M 1,{Hostile},2024-01-01,Moss,One\nM 2,Holder Ltd,2024-02-30,Moss,\"{Hostile}\"\nM 3,Holder Ltd,2024-01-01,,\n");
        await Assertions.Expect(page.Locator("mark.cell")).ToHaveTextAsync("2024-02-30");
        await Assertions.Expect(page.Locator("#report ~ .scroll tbody tr")).ToContainTextAsync(["valid from"]);
        await Looks.AtAsync(page, "my-import-refused");
        var report = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "The report as CSV" }).ClickAsync());
        Assert.Contains("3,M 2,validFrom,valid from,2024-02-30,", await File.ReadAllTextAsync(await report.PathAsync()), StringComparison.Ordinal);

        var mended = Header + $"M 1,{Hostile},2024-01-01,Moss,One\nM 2,Holder Ltd,2024-02-28,Moss,\"{Hostile}\"\nM 3,Holder Ltd,2024-01-01,,\n";
        await page.GetByRole(AriaRole.Link, new() { Name = "To the form" }).ClickAsync();
        await SendAsync(page, "Try it first", mended);
        await Assertions.Expect(page.Locator(".notice")).ToContainTextAsync("Nothing was changed. It would be: 3 created");
        await Looks.AtAsync(page, "my-import-tried");

        await page.GetByRole(AriaRole.Link, new() { Name = "To the form" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("What to do with it")).ToHaveValueAsync("take");
        await SendAsync(page, "Take it into the registry", mended);
        await Assertions.Expect(page.Locator(".said")).ToContainTextAsync("3 created, 0 updated, 0 unchanged, 0 withdrawn");
        await Looks.AtAsync(page, "my-import-done");

        await page.GetByRole(AriaRole.Link, new() { Name = "moss" }).Last.ClickAsync();
        await Assertions.Expect(page.Locator("#changed ~ .scroll")).ToContainTextAsync("<script>");
        Assert.True(await page.EvaluateAsync<bool>("() => window.hit === undefined && !document.querySelector('main img')"));
        await Looks.AtAsync(page, "my-register");
        await page.GetByRole(AriaRole.Link, new() { Name = "M 2" }).ClickAsync();
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("moss M 2");
        Assert.Empty(body.Wrongs);

        await body.GoAsync("/my-register");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Valid 3");
        await Looks.AtAsync(page, "my-registers");
    }

    [Fact]
    public async Task A_file_that_was_cut_off_is_refused_with_its_numbers()
    {
        await using var body = await SignedInAsync("lichen");
        var page = (await body.GoAsync("/my-register/lichen")).Page;
        await SendAsync(page, "Take it into the registry", Header + "L 1,H,2024-01-01,,\nL 2,H,2024-01-01,,\nL 3,H,2024-01-01,,\n");
        await Assertions.Expect(page.Locator(".said")).ToContainTextAsync("3 created");
        await body.GoAsync("/my-register/lichen");
        await SendAsync(page, "Take it into the registry", Header + "L 1,H,2024-01-01,,\n");
        await Assertions.Expect(page.Locator(".wrong")).ToContainTextAsync("omits 2 of 3 valid certificates");
        await Assertions.Expect(page.Locator(".wrong")).ToContainTextAsync("A file that was cut off looks like this.");
        await Looks.AtAsync(page, "my-import-guarded");
        await body.GoAsync("/my-register/lichen");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Valid 3");
        Assert.Empty(body.Wrongs);
    }

    [Fact]
    public async Task A_file_that_is_no_register_is_shown_by_its_first_lines_without_scripts()
    {
        await using var body = await SignedInAsync("algae", scripts: false);
        var page = (await body.GoAsync("/my-register/algae")).Page;
        await SendAsync(page, "Take it into the registry", $"numbr,holdr\n{Hostile},2\n");
        await Assertions.Expect(page.Locator("#f-file-fault")).ToContainTextAsync("numbr");
        await Assertions.Expect(page.Locator("pre.begins")).ToContainTextAsync(Hostile);
        await Assertions.Expect(page.GetByLabel("What to do with it")).ToHaveValueAsync("take");
    }

    [Fact]
    public async Task A_long_import_shows_how_far_it_is_and_then_what_came_of_it()
    {
        await using var body = await SignedInAsync("fungus");
        var import = Guid.CreateVersion7().ToString();
        await browser.ScalarAsync<long>($"""
            insert into register_import (id, scheme, kind, actor, state, version, started_at, seen_at, received, checked, created, updated, unchanged, withdrawn, rejected)
            values ('{import}', 'fungus', 'full', 'body:fungus', 'checking', 1, '2026-01-01T00:00:00.000000Z', '2199-01-01T00:00:00.000000Z', 5000, 1200, 0, 0, 0, 0, 0)
            returning 1
            """);
        var page = (await body.GoAsync("/my-register/fungus/imports/" + import)).Page;
        await Assertions.Expect(page.Locator("#running")).ToContainTextAsync("5,000");
        await Looks.AtAsync(page, "my-import-running");
        await browser.ScalarAsync<long>($"update register_import set checked = 4321, version = version + 1 where id = '{import}' returning 1");
        await Assertions.Expect(page.Locator("[data-count=checked]")).ToHaveTextAsync("4,321");
        await browser.ScalarAsync<long>($"update register_import set state = 'done', ended_at = '2026-01-01T00:01:00.000000Z', created = 7, version = version + 1 where id = '{import}' returning 1");
        await Assertions.Expect(page.Locator(".said")).ToContainTextAsync("7 created");
        Assert.Empty(body.Wrongs);
    }

    private async Task<Reader> SignedInAsync(string scheme, bool scripts = true)
    {
        var key = await browser.SchemeAsync(scheme);
        var body = await (await browser.ReaderAsync(scripts: scripts)).GoAsync("/sign-in");
        await body.Page.GetByLabel("API key").FillAsync(key);
        await body.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(body.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" })).ToBeVisibleAsync();
        return body;
    }

    private static async Task SendAsync(IPage page, string step, string content)
    {
        await page.GetByLabel("What to do with it").SelectOptionAsync(new SelectOptionValue { Label = step });
        await page.Locator("#f-file").SetInputFilesAsync(new FilePayload { Name = "register.csv", MimeType = "text/csv", Buffer = Encoding.UTF8.GetBytes(content) });
        await page.GetByRole(AriaRole.Button, new() { Name = "Send the file" }).ClickAsync();
    }
}
