using System.Text;
using EcoLabelRegistry.Checks;
using EcoLabelRegistry.Tests.Checks.Lists;
using MediatR;
using Microsoft.AspNetCore.Http;

namespace EcoLabelRegistry.Tests.Checks;

[Collection(SqliteReference.Name)]
public sealed class SqlitePreviewList(SqliteRegistry app) : PreviewListTests(app);

[Collection(PostgreSqlReference.Name)]
public sealed class PostgreSqlPreviewList(PostgreSqlRegistry app) : PreviewListTests(app);

/// <summary>What is said of a list before it is asked.</summary>
public abstract class PreviewListTests(RegistryApp app)
{
    [Fact]
    public async Task Of_a_part_of_a_list_the_last_row_is_not_shown_nor_what_it_may_have_quoted()
    {
        const string Start = "brand,model,remark\nA,1,\"two\nlines\"\nB,2,\"three\nlines\nand";
        Assert.Equal([["A", "1", "two\nlines"]], (await AskAsync(Encoding.UTF8.GetBytes(Start), isPart: true)).Rows);
        Assert.Equal([["A", "1", "two\nlines"], ["B", "2", "three"], ["lines"], ["and"]], (await AskAsync(Encoding.UTF8.GetBytes(Start), isPart: false)).Rows);
    }

    [Fact]
    public async Task Of_a_workbook_rows_that_are_too_long_are_shown_empty_and_what_is_none_is_refused()
    {
        var book = Listed.Workbook(["brand", "model"], ["A", new string('x', 2 << 20)], ["B", "2"]);
        var preview = await AskAsync(book, isPart: false);
        Assert.Null(preview.Fault);
        Assert.Equal([[], ["B", "2"]], preview.Rows);

        var hostile = Listed.Workbook("""
            <worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="ZZZZZZ1"><v>1</v></c></row></sheetData></worksheet>
            """, "<sst/>");
        Assert.Equal("fault.sheet-column", (await AskAsync(hostile, isPart: false)).Fault!.Key);
    }

    private Task<PreviewList.Response> AskAsync(byte[] list, bool isPart) => app.WithAsync<IMediator, PreviewList.Response>(
        mediator => mediator.Send(new PreviewList.Request(new DefaultHttpContext { Request = { Body = new MemoryStream(list) } }, isPart)));
}
