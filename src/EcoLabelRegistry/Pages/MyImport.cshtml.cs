using System.Globalization;
using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using EcoLabelRegistry.Registers;
using EcoLabelRegistry.Schemes;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace EcoLabelRegistry.Pages;

/// <summary>One import of a register, for whose it is: how far it is, what was wrong with which cell, what it changed.</summary>
public sealed class MyImportModel(IMediator mediator, Words words) : RegistryPage(mediator)
{
    private const int RowsShown = 50;

    public GetScheme.Response Scheme { get; private set; } = null!;

    public GetImport.Response Import { get; private set; } = null!;

    /// <summary>What was wrong with it; null when nothing was.</summary>
    public ImportReport? Report { get; private set; }

    /// <summary>Certificates that it changed.</summary>
    public IReadOnlyList<ListImported.Row> Changed { get; private set; } = [];

    /// <summary>Where that list goes on; null at its end.</summary>
    public string? Next { get; private set; }

    /// <summary>True while it runs.</summary>
    public bool IsRunning => Import is { EndedAt: null, State: not ImportState.Interrupted };

    public async Task<IActionResult> OnGetAsync(string code, string id)
    {
        if (await ReadAsync(code, id) is { } elsewhere)
        {
            return elsewhere;
        }

        if (Import.Revision is { } revision)
        {
            var page = await AskAsync(new ListImported.Request(Stretch(RowsShown), new RevisionNumber(revision), code));
            (Changed, Next) = (page.Items, page.Next is null ? null : With((Paging.CursorName, page.Next)));
        }

        return Page();
    }

    /// <summary>The report as a table: a row for each cell that is wrong.</summary>
    public async Task<IActionResult> OnGetReportAsync(string code, string id)
    {
        if (await ReadAsync(code, id) is { } elsewhere)
        {
            return elsewhere;
        }

        var table = new CsvText();
        table.Add("line", "certificate", "column", "column_name", "cell", "code", "message");
        foreach (var row in Report?.Rows ?? [])
        {
            var line = row.Line.ToString(CultureInfo.InvariantCulture);
            foreach (var cell in row.Cells)
            {
                table.Add(line, row.Number, cell.Member, ColumnWords.Of(cell.Member, words), cell.Text, row.Code, CsvText.List(cell.Messages));
            }

            if (row.Cells.Count == 0)
            {
                table.Add(line, row.Number, null, null, null, row.Code, row.Message);
            }
        }

        return File(table.ToUtf8(), "text/csv; charset=utf-8", $"{code}-{id}.csv");
    }

    private async Task<IActionResult?> ReadAsync(string code, string id)
    {
        if (SignedIn.Of(HttpContext) is not { } who)
        {
            return LocalRedirect("/sign-in" + Places.Query(("to", Request.Path + Request.QueryString)));
        }

        Scheme = (await AskAsync(new GetScheme.Request(code))).Value;
        who.DemandRegister(Scheme);
        Import = (await AskAsync(new GetImport.Request(id))).Import;
        if (Import.Scheme != code)
        {
            throw Refusal.NotFound(Thing.Import, id);
        }

        Report = await AskAsync(new ReadReport.Request(id, who.Caller.Actor));
        return null;
    }
}
