"""The editors' workbook (Office Open XML, ECMA-376): streets, stations and items out, changes back in."""
