<<<<<<< HEAD
//! Tests (being written on branch customers).
=======

>>>>>>> customers
