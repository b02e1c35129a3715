/* Python.h up to 3.10 includes <crypt.h>, which no compiler brings and the engine doesn't use. */
